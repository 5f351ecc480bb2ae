package io.github.bootcluster;

/**
 * Thrown when a worker cannot even be tried to be forked: there are as many as there can
 * be, or an environment variable cannot be set.
 */
public class ForkRefusedException extends ClusterException {

	/**
	 * Creates an exception.
	 * @param reason a sentence that names what is wrong and what is allowed
	 */
	public ForkRefusedException(String reason) {
		super(reason);
	}

}
