package io.github.bootcluster.master.listen;

import io.github.bootcluster.wire.ListenFailure;

/**
 * How many addresses the master listens on, for all workers and for each of them: a
 * worker that wants more and more must not use up what all need.
 *
 * @param most the number for all workers
 * @param mostOfOne the number for one worker
 */
record ListenerBudget(int most, int mostOfOne) {

	private static final int MAX = 256;

	private static final int MAX_OF_ONE = 64;

	/**
	 * The part of the file descriptors that may be listening sockets.
	 */
	private static final int SHARE = 8;

	static ListenerBudget of(long descriptors) {
		int most = (int) Math.min(MAX, descriptors / SHARE);
		return new ListenerBudget(most, Math.min(MAX_OF_ONE, most));
	}

	/**
	 * Sees to it that a worker may have one more.
	 */
	void check(int all, int own) throws ListenDeniedException {
		if (own >= this.mostOfOne) {
			throw new ListenDeniedException(ListenFailure.TOO_MANY,
					"a worker may listen on %d addresses at most".formatted(this.mostOfOne));
		}
		if (all >= this.most) {
			throw new ListenDeniedException(ListenFailure.TOO_MANY,
					"the master listens on %d addresses at most, so that connections and workers find file descriptors"
						.formatted(this.most));
		}
	}

}
