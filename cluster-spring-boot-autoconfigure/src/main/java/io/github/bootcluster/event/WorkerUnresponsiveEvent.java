package io.github.bootcluster.event;

import java.time.Duration;

import io.github.bootcluster.ClusterWorker;
import org.jspecify.annotations.Nullable;

/**
 * Published when a worker hangs and is about to be ended: at least one of its event loops
 * has not answered for longer than {@code cluster.worker.heartbeat-timeout}, or its
 * application says that its liveness state is {@code BROKEN}.
 */
public final class WorkerUnresponsiveEvent extends WorkerEvent {

	private final Duration silence;

	private final @Nullable String threadDump;

	private final boolean broken;

	public WorkerUnresponsiveEvent(ClusterWorker worker, Duration silence, @Nullable String threadDump) {
		this(worker, silence, threadDump, false);
	}

	public WorkerUnresponsiveEvent(ClusterWorker worker, Duration silence, @Nullable String threadDump,
			boolean broken) {
		super(worker);
		this.silence = silence;
		this.threadDump = threadDump;
		this.broken = broken;
	}

	/**
	 * Tells whether it is the application that says so, by its liveness state.
	 * @return whether its event loops may well answer
	 */
	public boolean isBroken() {
		return this.broken;
	}

	/**
	 * Returns for how long nothing was heard of the worker's event loops.
	 * @return the time since they last answered
	 */
	public Duration getSilence() {
		return this.silence;
	}

	/**
	 * Returns what the worker's threads did: their stacks, and the locks that they held
	 * or waited for.
	 * @return the dump, cut to about 512 KiB, or {@code null} if the worker did not give
	 * one, as one that was stopped by a signal cannot
	 */
	public @Nullable String getThreadDump() {
		return this.threadDump;
	}

}
