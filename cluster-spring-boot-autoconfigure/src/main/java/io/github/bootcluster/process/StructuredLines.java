package io.github.bootcluster.process;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.function.Predicate;

/**
 * Passes lines on that are JSON objects, as loggers with a structured format write them,
 * and tells others, such as the last words of a JVM, to somebody who can write them in
 * that format.
 */
final class StructuredLines implements LineSink {

	private final LineSink objects;

	private final Predicate<String> others;

	/**
	 * Creates a sink.
	 * @param objects takes lines as they are
	 * @param others is told other lines, and returns whether it has written them; those
	 * that it has not are written as they are
	 */
	StructuredLines(LineSink objects, Predicate<String> others) {
		this.objects = objects;
		this.others = others;
	}

	@Override
	public void write(byte[] bytes, int length) {
		int objectsFrom = 0;
		for (int from = 0; from < length;) {
			int end = from;
			while (bytes[end] != '\n') {
				end++;
			}
			if (!isObject(bytes, from, end)) {
				writeObjects(bytes, objectsFrom, from);
				tell(new String(bytes, from, end - from, StandardCharsets.UTF_8));
				objectsFrom = end + 1;
			}
			from = end + 1;
		}
		writeObjects(bytes, objectsFrom, length);
	}

	private void writeObjects(byte[] bytes, int from, int to) {
		if (from < to) {
			this.objects.write((from == 0) ? bytes : Arrays.copyOfRange(bytes, from, to), to - from);
		}
	}

	private void tell(String line) {
		if (!line.isBlank() && !this.others.test(line.stripTrailing())) {
			byte[] bytes = (line + "\n").getBytes(StandardCharsets.UTF_8);
			writeObjects(bytes, 0, bytes.length);
		}
	}

	/**
	 * A line that is cut, as it is too long, is none.
	 */
	private static boolean isObject(byte[] bytes, int from, int end) {
		int last = (end > from && bytes[end - 1] == '\r') ? end - 1 : end;
		return last - from > 1 && bytes[from] == '{' && bytes[last - 1] == '}';
	}

}
