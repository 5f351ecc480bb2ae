package io.github.bootcluster;

/**
 * Thrown when a message is for a worker that there is not, or not any more. Whether one
 * that ended meanwhile had begun to handle it is not known.
 */
public class WorkerGoneException extends ClusterException {

	/**
	 * Creates an exception.
	 * @param reason a sentence that names the worker
	 */
	public WorkerGoneException(String reason) {
		super(reason);
	}

}
