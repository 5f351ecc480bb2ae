package io.github.bootcluster;

/**
 * Thrown when an operation needs a master and there is none: the process is not
 * clustered, or its master has gone.
 */
public class ClusterUnavailableException extends ClusterException {

	public ClusterUnavailableException(String message) {
		super(message);
	}

}
