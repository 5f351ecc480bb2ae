package io.github.bootcluster;

import java.util.EnumSet;
import java.util.Set;

/**
 * State of a worker, in the order in which a life runs through it. The first three bear
 * the names of the life events of Node's {@code cluster} module.
 */
public enum WorkerState {

	/**
	 * The process was started; nothing was heard of it yet.
	 */
	FORKED,

	/**
	 * The worker has connected to the master.
	 */
	ONLINE,

	/**
	 * The worker has bound at least one address.
	 */
	LISTENING,

	/**
	 * The application accepts traffic; connections are handed to it.
	 */
	READY,

	/**
	 * The worker gets no further connection and finishes those that it has.
	 */
	DRAINING,

	/**
	 * The process has ended.
	 */
	EXITED;

	/**
	 * Tells whether a worker may go from this state to another. A life never goes back,
	 * may skip states, and ends in {@link #EXITED}.
	 * @param next the state to go to
	 * @return whether that is legal
	 */
	public boolean canBecome(WorkerState next) {
		return next.ordinal() > ordinal();
	}

	/**
	 * Tells whether the worker is on its way to {@link #READY}.
	 * @return whether it is starting
	 */
	public boolean isStarting() {
		return STARTING.contains(this);
	}

	private static final Set<WorkerState> STARTING = EnumSet.of(FORKED, ONLINE, LISTENING);

}
