package io.github.bootcluster;

import java.util.List;
import java.util.stream.Collectors;

/**
 * Thrown when an operation names a worker that the cluster does not have, or not any
 * more.
 */
public class UnknownWorkerException extends ClusterException {

	private final int worker;

	private final List<Integer> known;

	/**
	 * Creates an exception.
	 * @param worker the id that was named
	 * @param known the ids of the workers that there are
	 */
	public UnknownWorkerException(int worker, List<Integer> known) {
		super("There is no worker %d, %s".formatted(worker, inWords(known)));
		this.worker = worker;
		this.known = List.copyOf(known);
	}

	private static String inWords(List<Integer> known) {
		return known.isEmpty() ? "and no other"
				: "only " + known.stream().map(String::valueOf).collect(Collectors.joining(", "));
	}

	/**
	 * Returns the id that was named.
	 * @return the id
	 */
	public int getWorker() {
		return this.worker;
	}

	/**
	 * Returns the ids of the workers that there are.
	 * @return the ids, in their order
	 */
	public List<Integer> getKnown() {
		return this.known;
	}

}
