package io.github.bootcluster.wire;

import java.util.List;
import java.util.Objects;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import io.github.bootcluster.ClusterStatus;
import io.github.bootcluster.ListenerKind;
import io.github.bootcluster.RestartStatus;
import io.github.bootcluster.WorkerVitals;
import org.jspecify.annotations.Nullable;

/**
 * What master and worker tell each other over the control socket. The names of the types
 * are closed to this list: no frame can make a reader instantiate any other class.
 */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
@JsonSubTypes({ @JsonSubTypes.Type(value = Frame.Hello.class, name = "hello"),
		@JsonSubTypes.Type(value = Frame.Welcome.class, name = "welcome"),
		@JsonSubTypes.Type(value = Frame.Refused.class, name = "refused"),
		@JsonSubTypes.Type(value = Frame.Listen.class, name = "listen"),
		@JsonSubTypes.Type(value = Frame.Listening.class, name = "listening"),
		@JsonSubTypes.Type(value = Frame.ListenFailed.class, name = "listen-failed"),
		@JsonSubTypes.Type(value = Frame.Ready.class, name = "ready"),
		@JsonSubTypes.Type(value = Frame.Vitals.class, name = "vitals"),
		@JsonSubTypes.Type(value = Frame.DumpThreads.class, name = "dump-threads"),
		@JsonSubTypes.Type(value = Frame.ThreadDump.class, name = "thread-dump"),
		@JsonSubTypes.Type(value = Frame.CheckHealth.class, name = "check-health"),
		@JsonSubTypes.Type(value = Frame.Health.class, name = "health"),
		@JsonSubTypes.Type(value = Frame.Drain.class, name = "drain"),
		@JsonSubTypes.Type(value = Frame.Draining.class, name = "draining"),
		@JsonSubTypes.Type(value = Frame.Restart.class, name = "restart"),
		@JsonSubTypes.Type(value = Frame.RestartStarted.class, name = "restart-started"),
		@JsonSubTypes.Type(value = Frame.RestartRefused.class, name = "restart-refused"),
		@JsonSubTypes.Type(value = Frame.RestartAborted.class, name = "restart-aborted"),
		@JsonSubTypes.Type(value = Frame.Scale.class, name = "scale"),
		@JsonSubTypes.Type(value = Frame.Scaled.class, name = "scaled"),
		@JsonSubTypes.Type(value = Frame.ScaleRefused.class, name = "scale-refused"),
		@JsonSubTypes.Type(value = Frame.GroupUnknown.class, name = "group-unknown"),
		@JsonSubTypes.Type(value = Frame.Failed.class, name = "failed"),
		@JsonSubTypes.Type(value = Frame.Status.class, name = "status") })
public sealed interface Frame {

	/**
	 * Answer of the master to a request of a worker.
	 */
	sealed interface Answer extends Frame {

		/**
		 * Returns the request's number.
		 * @return the number
		 */
		int request();

	}

	/**
	 * First frame of a worker.
	 *
	 * @param worker the worker's id
	 * @param pid the worker's process id
	 * @param protocol the protocol that the worker speaks
	 * @param version the worker's version of the starter, for people to read
	 */
	record Hello(int worker, long pid, int protocol, String version) implements Frame {

		/**
		 * Number of this protocol. It grows with every change that an older side would
		 * misunderstand.
		 */
		public static final int PROTOCOL = 3;

		public Hello {
			Objects.requireNonNull(version, "version");
		}

	}

	/**
	 * The master's answer to a {@link Hello} that it believes.
	 *
	 * @param kind how the worker gets its connections
	 */
	record Welcome(ListenerKind kind) implements Frame {

		public Welcome {
			Objects.requireNonNull(kind, "kind");
		}

	}

	/**
	 * The master's answer to a {@link Hello} that it refuses.
	 *
	 * @param reason a sentence for people to read
	 */
	record Refused(String reason) implements Frame {

		public Refused {
			Objects.requireNonNull(reason, "reason");
		}

	}

	/**
	 * Asks the master for a listener.
	 *
	 * @param request the request's number, for the answer
	 * @param host the literal address to bind
	 * @param port the port, 0 for any
	 * @param ordinal how many times this worker asked for port 0 of that address before,
	 * so that all workers share the port that the first of them got
	 * @param backlog the length of the accept queue
	 */
	record Listen(int request, String host, int port, int ordinal, int backlog) implements Frame {

		public Listen {
			Objects.requireNonNull(host, "host");
			if (port < 0 || port > 0xFFFF) {
				throw new IllegalArgumentException("port " + port);
			}
		}

	}

	/**
	 * The listener that a {@link Listen} asked for is open.
	 *
	 * @param request the request's number
	 * @param listener the listener's number, for the hand-off socket
	 * @param host the literal address that is bound
	 * @param port the port that is bound
	 */
	record Listening(int request, int listener, String host, int port) implements Answer {

		public Listening {
			Objects.requireNonNull(host, "host");
		}

	}

	/**
	 * The listener that a {@link Listen} asked for cannot be opened.
	 *
	 * @param request the request's number
	 * @param failure what is wrong
	 * @param reason a sentence for people to read
	 */
	record ListenFailed(int request, ListenFailure failure, String reason) implements Answer {

		public ListenFailed {
			Objects.requireNonNull(failure, "failure");
			Objects.requireNonNull(reason, "reason");
		}

	}

	/**
	 * The worker's application accepts traffic.
	 */
	record Ready() implements Frame {

	}

	/**
	 * What the worker tells of itself, about once a second: that it comes means that all
	 * event loops of the worker have answered since the last one.
	 *
	 * @param vitals the figures
	 */
	record Vitals(WorkerVitals vitals) implements Frame {

		public Vitals {
			Objects.requireNonNull(vitals, "vitals");
		}

	}

	/**
	 * Asks a worker that seems to hang what its threads do.
	 */
	record DumpThreads() implements Frame {

	}

	/**
	 * The worker's answer to {@link DumpThreads}.
	 *
	 * @param dump all threads with their stacks, cut to fit into a frame
	 */
	record ThreadDump(String dump) implements Frame {

		public ThreadDump {
			Objects.requireNonNull(dump, "dump");
		}

	}

	/**
	 * Asks a worker for the health of its application.
	 */
	record CheckHealth() implements Frame {

	}

	/**
	 * The worker's answer to {@link CheckHealth}.
	 *
	 * @param up whether the application is healthy, or does not say
	 * @param details what is wrong, for people to read; empty if nothing is
	 */
	record Health(boolean up, String details) implements Frame {

		public Health {
			Objects.requireNonNull(details, "details");
		}

	}

	/**
	 * Tells a worker to finish its connections and exit.
	 *
	 * @param timeoutMillis how long it may take, in milliseconds
	 */
	record Drain(long timeoutMillis) implements Frame {

	}

	/**
	 * The worker has begun to drain by itself, for example because somebody sent it a
	 * signal.
	 */
	record Draining() implements Frame {

	}

	/**
	 * Asks the master for a rolling restart.
	 *
	 * @param request the request's number, for the answer
	 * @param group the group of workers to replace, or {@code null} for all
	 * @param awaited whether somebody waits in this worker for the restart's end, so that
	 * this worker has to be the last to go
	 */
	record Restart(int request, @Nullable String group, boolean awaited) implements Frame {

	}

	/**
	 * The rolling restart that a {@link Restart} asked for has begun.
	 *
	 * @param request the request's number
	 * @param status the restart as it begins
	 */
	record RestartStarted(int request, RestartStatus status) implements Answer {

		public RestartStarted {
			Objects.requireNonNull(status, "status");
		}

	}

	/**
	 * The rolling restart that a {@link Restart} asked for is refused as one runs.
	 *
	 * @param request the request's number
	 * @param runningId the id of the restart that runs
	 */
	record RestartRefused(int request, String runningId) implements Answer {

		public RestartRefused {
			Objects.requireNonNull(runningId, "runningId");
		}

	}

	/**
	 * The rolling restart that a {@link Restart} asked for was given up before it could
	 * replace a worker.
	 *
	 * @param request the request's number
	 * @param status the restart as it ended
	 */
	record RestartAborted(int request, RestartStatus status) implements Answer {

		public RestartAborted {
			Objects.requireNonNull(status, "status");
		}

	}

	/**
	 * Asks the master for another number of workers.
	 *
	 * @param request the request's number, for the answer
	 * @param group the group of workers
	 * @param workers the wanted number
	 */
	record Scale(int request, String group, int workers) implements Frame {

		public Scale {
			Objects.requireNonNull(group, "group");
		}

	}

	/**
	 * The master wants the number of workers that a {@link Scale} asked for.
	 *
	 * @param request the request's number
	 * @param workers the wanted number from now on
	 * @param previous the wanted number until then
	 */
	record Scaled(int request, int workers, int previous) implements Answer {

	}

	/**
	 * There cannot be as many workers as a {@link Scale} asked for.
	 *
	 * @param request the request's number
	 * @param reason a sentence for people to read
	 */
	record ScaleRefused(int request, String reason) implements Answer {

		public ScaleRefused {
			Objects.requireNonNull(reason, "reason");
		}

	}

	/**
	 * There is no such group of workers as a request names.
	 *
	 * @param request the request's number
	 * @param group the group that it names
	 * @param known the groups that there are
	 */
	record GroupUnknown(int request, String group, List<String> known) implements Answer {

		public GroupUnknown {
			Objects.requireNonNull(group, "group");
			known = List.copyOf(known);
		}

	}

	/**
	 * What a request asked for cannot be done.
	 *
	 * @param request the request's number
	 * @param reason a sentence for people to read
	 */
	record Failed(int request, String reason) implements Answer {

		public Failed {
			Objects.requireNonNull(reason, "reason");
		}

	}

	/**
	 * The cluster as the master sees it, sent after every change.
	 *
	 * @param status the status
	 */
	record Status(ClusterStatus status) implements Frame {

		public Status {
			Objects.requireNonNull(status, "status");
		}

	}

}
