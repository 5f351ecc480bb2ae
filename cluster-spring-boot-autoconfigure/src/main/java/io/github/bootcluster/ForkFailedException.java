package io.github.bootcluster;

import java.util.List;

/**
 * Thrown when a worker that was asked for did not become ready. Nothing is left of it:
 * its slot is given up.
 */
public class ForkFailedException extends ClusterException {

	private final int slot;

	private final String reason;

	private final List<String> lastLines;

	/**
	 * Creates an exception.
	 * @param slot the slot that the worker was to have
	 * @param reason a phrase that goes on after the worker's name
	 * @param lastLines the last lines that the worker wrote, oldest first
	 */
	public ForkFailedException(int slot, String reason, List<String> lastLines) {
		super("The worker for slot %d did not become ready: it %s".formatted(slot, reason));
		this.slot = slot;
		this.reason = reason;
		this.lastLines = List.copyOf(lastLines);
	}

	/**
	 * Returns the slot that the worker was to have.
	 * @return the slot, which is given up
	 */
	public int getSlot() {
		return this.slot;
	}

	/**
	 * Returns what became of the worker.
	 * @return a phrase that goes on after the worker's name
	 */
	public String getReason() {
		return this.reason;
	}

	/**
	 * Returns what the worker wrote last.
	 * @return the lines, oldest first
	 */
	public List<String> getLastLines() {
		return this.lastLines;
	}

}
