package io.github.bootcluster.autoconfigure.properties;

/**
 * The wanted number of workers, read from {@code cluster.workers}.
 */
public final class WorkerCount {

	static final int MAX = 1024;

	/**
	 * More workers than this per processor only get into each other's way.
	 */
	private static final int SENSIBLE_PER_PROCESSOR = 4;

	private WorkerCount() {
	}

	public static int parse(String value, int processors) {
		return parse("cluster.workers", value, 0, processors);
	}

	static int parse(String property, String value, int least, int processors) {
		String trimmed = value.trim();
		if (trimmed.equalsIgnoreCase("auto")) {
			return Math.min(processors, MAX);
		}
		try {
			int count = Integer.parseInt(trimmed);
			if (count >= least && count <= MAX) {
				return count;
			}
		}
		catch (NumberFormatException ex) {
			// Refused below
		}
		throw new InvalidClusterPropertyException(property, value,
				"a whole number from %d to %d, or 'auto'".formatted(least, MAX));
	}

	static boolean isSensible(int count, int processors) {
		return count <= SENSIBLE_PER_PROCESSOR * processors;
	}

}
