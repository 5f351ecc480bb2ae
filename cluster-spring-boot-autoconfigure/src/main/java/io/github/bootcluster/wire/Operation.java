package io.github.bootcluster.wire;

import java.util.Map;
import java.util.Objects;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import org.jspecify.annotations.Nullable;

/**
 * What somebody may ask of the cluster, be it over the API, the endpoint or the wire. As
 * with {@link Frame}, the names of the types are closed to this list.
 */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
@JsonSubTypes({ @JsonSubTypes.Type(value = Operation.Restart.class, name = "restart"),
		@JsonSubTypes.Type(value = Operation.Scale.class, name = "scale"),
		@JsonSubTypes.Type(value = Operation.Fork.class, name = "fork"),
		@JsonSubTypes.Type(value = Operation.Disconnect.class, name = "disconnect"),
		@JsonSubTypes.Type(value = Operation.Replace.class, name = "replace"),
		@JsonSubTypes.Type(value = Operation.DisconnectAll.class, name = "disconnect-all"),
		@JsonSubTypes.Type(value = Operation.Kill.class, name = "kill"),
		@JsonSubTypes.Type(value = Operation.Stop.class, name = "stop") })
public sealed interface Operation {

	/**
	 * Rolling restart. Its result is the restart that has begun.
	 *
	 * @param group the group of workers to replace, or {@code null} for all
	 * @param awaited whether the worker that asks waits for the end, and so has to be
	 * replaced last
	 */
	record Restart(@Nullable String group, boolean awaited) implements Operation {

	}

	/**
	 * Another number of workers.
	 *
	 * @param group the group of workers
	 * @param workers the wanted number
	 */
	record Scale(String group, int workers) implements Operation {

		public Scale {
			Objects.requireNonNull(group, "group");
		}

	}

	/**
	 * One worker more.
	 *
	 * @param environment variables of the worker's process
	 */
	record Fork(Map<String, String> environment) implements Operation {

		public Fork {
			Objects.requireNonNull(environment, "environment");
		}

	}

	/**
	 * The end of a worker for good.
	 *
	 * @param worker the worker's id
	 */
	record Disconnect(int worker) implements Operation {

	}

	/**
	 * Another worker in the place of one.
	 *
	 * @param worker the worker's id
	 */
	record Replace(int worker) implements Operation {

	}

	/**
	 * The end of all workers for good.
	 */
	record DisconnectAll() implements Operation {

	}

	/**
	 * A signal to a worker.
	 *
	 * @param worker the worker's id
	 * @param signal the signal's name
	 */
	record Kill(int worker, String signal) implements Operation {

		public Kill {
			Objects.requireNonNull(signal, "signal");
		}

	}

	/**
	 * The end of the whole cluster.
	 */
	record Stop() implements Operation {

	}

}
