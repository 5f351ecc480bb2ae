package io.github.bootcluster.master.supervise;

/**
 * Why a worker is to leave, or leaves.
 *
 * @param kind who is behind it
 * @param reason a phrase fit for a log line
 */
record Departure(Kind kind, String reason) {

	boolean isVoluntary() {
		return this.kind == Kind.REQUESTED;
	}

	/**
	 * Tells whether the worker's end says nothing against the application.
	 */
	boolean isBlameless() {
		return this.kind == Kind.REQUESTED || this.kind == Kind.OWN;
	}

	enum Kind {

		/**
		 * The master wants it, as the worker is not needed any more.
		 */
		REQUESTED,

		/**
		 * The worker has told that it ends, for example after a signal.
		 */
		OWN,

		/**
		 * The worker has closed its control connection.
		 */
		LOST,

		/**
		 * The master wants it, as the worker does not work.
		 */
		FAULTY,

		/**
		 * The master wants it, as the worker was not ready in time.
		 */
		LATE,

		/**
		 * The master wants it, as the worker's event loops do not answer.
		 */
		HUNG

	}

}
