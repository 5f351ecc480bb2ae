package io.github.bootcluster.master.listen;

/**
 * How many connections a worker may have.
 */
final class ConnectionLimit {

	private int most;

	/**
	 * Creates a limit.
	 * @param most the number, 0 for any number
	 */
	ConnectionLimit(int most) {
		this.most = most;
	}

	/**
	 * Tells whether there is none: then nobody has to count.
	 * @return whether workers may have any number
	 */
	boolean isNone() {
		return this.most == 0;
	}

	boolean allows(int connections) {
		return isNone() || connections < this.most;
	}

	/**
	 * Lets workers have any number from now on.
	 */
	void lift() {
		this.most = 0;
	}

}
