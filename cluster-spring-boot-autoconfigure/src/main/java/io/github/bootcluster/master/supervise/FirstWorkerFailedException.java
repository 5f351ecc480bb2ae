package io.github.bootcluster.master.supervise;

import java.util.List;

import io.github.bootcluster.ClusterException;

/**
 * Thrown when the first worker of a cluster does not become ready.
 */
public class FirstWorkerFailedException extends ClusterException {

	private final String reason;

	private final List<String> lastLines;

	private final boolean late;

	/**
	 * Creates an exception.
	 * @param lastLines the last lines that it wrote, oldest first
	 */
	public FirstWorkerFailedException(String reason, List<String> lastLines, boolean late) {
		super("The first worker did not become ready: " + reason);
		this.reason = reason;
		this.lastLines = List.copyOf(lastLines);
		this.late = late;
	}

	/**
	 * Returns what became of the worker.
	 */
	public String getReason() {
		return this.reason;
	}

	/**
	 * Returns the last lines that the worker wrote.
	 * @return the lines, oldest first
	 */
	public List<String> getLastLines() {
		return this.lastLines;
	}

	/**
	 * Tells whether the worker was ended as it was not ready in time.
	 */
	public boolean isLate() {
		return this.late;
	}

}
