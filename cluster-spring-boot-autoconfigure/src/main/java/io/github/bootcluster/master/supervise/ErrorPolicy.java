package io.github.bootcluster.master.supervise;

/**
 * Judges the errors of a new generation by those that the old one makes at the same time:
 * a database that is down makes both fail, and is no reason to stay with the old one.
 */
final class ErrorPolicy {

	/**
	 * With fewer requests one error more or less would decide.
	 */
	static final long MIN_REQUESTS = 10;

	/**
	 * A share of errors that an application may well have.
	 */
	static final double TOLERATED_SHARE = 0.1;

	/**
	 * How many times the old workers' share is out of proportion.
	 */
	static final double FACTOR = 2;

	private ErrorPolicy() {
	}

	/**
	 * Tells whether a new worker answers too many requests with errors.
	 */
	static boolean hasTooManyErrors(Tally fresh, Tally old) {
		return fresh.requests() >= MIN_REQUESTS && fresh.share() > TOLERATED_SHARE
				&& fresh.share() > FACTOR * old.share();
	}

	/**
	 * Answers, and how many of them were errors.
	 *
	 * @param requests how many requests were answered
	 * @param errors how many of them with a status of 5xx
	 */
	record Tally(long requests, long errors) {

		static final Tally NONE = new Tally(0, 0);

		Tally plus(Tally other) {
			return new Tally(this.requests + other.requests, this.errors + other.errors);
		}

		double share() {
			return (this.requests > 0) ? (double) this.errors / this.requests : 0;
		}

	}

}
