package io.github.bootcluster.master.listen;

import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;

import io.github.bootcluster.ClusterFigures;
import io.github.bootcluster.ListenerKind;
import io.github.bootcluster.WorkerVitals;
import io.github.bootcluster.wire.Frame;

/**
 * The addresses that the cluster listens on, as the supervisor uses them. Its methods
 * return at once and take effect in the order in which they are called.
 */
public interface Listeners {

	/**
	 * Tells how workers get their connections.
	 */
	ListenerKind kind();

	/**
	 * Makes a worker known.
	 * @param maxConnections how many connections it may have over all its listeners, 0
	 * for any number
	 */
	void register(int worker, String group, int slot, long pid, int maxConnections);

	/**
	 * Opens a listener for a worker, or lets it take part in one that is open.
	 * @param answer takes the answer, {@link Frame.Listening} or
	 * {@link Frame.ListenFailed}, on any thread
	 */
	void listen(int worker, String group, Frame.Listen request, Consumer<Frame> answer);

	/**
	 * Lets a worker take part in a listener no longer, whose application has closed its
	 * server. If it was the last one, the listener is closed: the application wants it
	 * so. A worker that is not admitted changes nothing by it: one that failed to start
	 * must not close what others shall serve.
	 */
	void unlisten(int worker, int listener);

	/**
	 * Lets a worker get connections.
	 */
	void admit(int worker);

	/**
	 * Lets a worker get no further connections.
	 */
	void withhold(int worker);

	/**
	 * Takes note of a worker's load.
	 * @param next when the worker reports again, at the latest
	 */
	void report(int worker, WorkerVitals vitals, Duration next);

	/**
	 * Forgets a worker that has exited.
	 */
	void unregister(int worker);

	/**
	 * Returns how many connections went which way. Any thread may ask.
	 */
	ClusterFigures.Connections connections();

	/**
	 * Closes listeners that only workers want which leave. What is queued there is handed
	 * to those, as far as they still take it.
	 */
	void closeUnused(Set<String> groups, Set<Integer> staying);

	/**
	 * Listens no more. What is queued already is handed to the workers, which must be
	 * told to drain only afterwards. A further call returns the same stage.
	 * @return a stage that completes on any thread once the workers have taken all, none
	 * is left, or the time is up
	 */
	CompletionStage<Void> close(Duration limit);

}
