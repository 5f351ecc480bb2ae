package io.github.bootcluster.master.supervise;

import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * What a JVM says of its own end, in the last lines of its output.
 *
 * @param crashed whether it has crashed
 * @param outOfMemory whether it could get no more memory from the system
 * @param heapExhausted whether it has thrown an {@link OutOfMemoryError}
 * @param crashReport the path of the report that it has written, or {@code null}
 */
record LastWords(boolean crashed, boolean outOfMemory, boolean heapExhausted, @Nullable String crashReport) {

	private static final String PREFIX = "# ";

	private static final String CRASHED = PREFIX + "A fatal error has been detected by the Java Runtime Environment:";

	private static final String OUT_OF_MEMORY = PREFIX
			+ "There is insufficient memory for the Java Runtime Environment to continue.";

	private static final String REPORT = PREFIX + "An error report file with more information is saved as:";

	private static final String HEAP_EXHAUSTED = "java.lang.OutOfMemoryError";

	static LastWords of(List<String> lastLines) {
		int report = lastLines.lastIndexOf(REPORT) + 1;
		String path = (report > 0 && report < lastLines.size()) ? lastLines.get(report) : "";
		return new LastWords(lastLines.contains(CRASHED), lastLines.contains(OUT_OF_MEMORY),
				lastLines.stream().anyMatch((line) -> line.contains(HEAP_EXHAUSTED)),
				path.startsWith(PREFIX) ? path.substring(PREFIX.length()).trim() : null);
	}

}
