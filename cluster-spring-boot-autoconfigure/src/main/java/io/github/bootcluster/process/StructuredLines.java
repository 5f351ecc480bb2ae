package io.github.bootcluster.process;

import java.nio.charset.StandardCharsets;
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
		byte[] kept = new byte[length];
		int keptLength = 0;
		for (int from = 0; from < length;) {
			int end = from;
			while (bytes[end] != '\n') {
				end++;
			}
			if (isObject(bytes, from, end)) {
				System.arraycopy(bytes, from, kept, keptLength, end + 1 - from);
				keptLength += end + 1 - from;
			}
			else {
				writeObjects(kept, keptLength);
				keptLength = 0;
				tell(new String(bytes, from, end - from, StandardCharsets.UTF_8));
			}
			from = end + 1;
		}
		writeObjects(kept, keptLength);
	}

	private void writeObjects(byte[] bytes, int length) {
		if (length > 0) {
			this.objects.write(bytes, length);
		}
	}

	private void tell(String line) {
		if (!line.isBlank() && !this.others.test(line.stripTrailing())) {
			byte[] bytes = (line + "\n").getBytes(StandardCharsets.UTF_8);
			writeObjects(bytes, bytes.length);
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
