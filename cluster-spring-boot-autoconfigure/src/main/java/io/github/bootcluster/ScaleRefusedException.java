package io.github.bootcluster;

/**
 * Thrown when the cluster cannot have as many workers as were asked for.
 */
public class ScaleRefusedException extends ClusterException {

	/**
	 * Creates an exception.
	 * @param reason a sentence that names the number and what is allowed
	 */
	public ScaleRefusedException(String reason) {
		super(reason);
	}

}
