package io.github.bootcluster.event;

import io.github.bootcluster.ClusterWorker;

/**
 * Published when a slot is given up because its workers kept dying early. A successful
 * rolling restart takes it up again. The idea is node-cluster's {@code restartgiveup}.
 */
public final class WorkerRespawnSuppressedEvent extends WorkerEvent {

	private final int attempts;

	public WorkerRespawnSuppressedEvent(ClusterWorker worker, int attempts) {
		super(worker);
		this.attempts = attempts;
	}

	/**
	 * Returns the slot that stays empty.
	 * @return the slot
	 */
	public int getSlot() {
		return getWorker().slot();
	}

	/**
	 * Returns how many forks in a row died early.
	 * @return the number of attempts
	 */
	public int getAttempts() {
		return this.attempts;
	}

}
