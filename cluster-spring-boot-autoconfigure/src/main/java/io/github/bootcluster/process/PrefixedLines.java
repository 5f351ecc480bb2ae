package io.github.bootcluster.process;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Cuts a stream of bytes into lines and puts a name before each. Bytes stay bytes, so
 * that no charset can spoil them. Whole lines are written by one call: the lines of two
 * workers never mix. A line that gets too long to be kept is cut, between two UTF-8
 * characters.
 */
final class PrefixedLines {

	static final int MAX_LENGTH = 64 * 1024;

	private static final int UTF_8_MAX_CONTINUATION = 3;

	private static final byte[] NEW_LINE = { '\n' };

	private final byte[] prefix;

	private final int maxLength;

	private final LastLines lastLines;

	/**
	 * Whole lines, then the beginning of one that is not whole yet.
	 */
	private byte[] buffer = new byte[1024];

	private int whole;

	private int end;

	/**
	 * Creates lines of which there is none yet.
	 * @param prefix what leads each line, nothing if it is empty
	 * @param maxLength how many bytes a line may have before it is cut
	 */
	PrefixedLines(String prefix, int maxLength, LastLines lastLines) {
		this.maxLength = maxLength;
		this.prefix = prefix.getBytes(StandardCharsets.UTF_8);
		this.lastLines = lastLines;
	}

	void add(byte[] bytes, int length) {
		int from = 0;
		while (from < length) {
			beginLine();
			if (bytes[from] == '\n') {
				endLine();
				from++;
			}
			else if (lineLength() == this.maxLength) {
				cutLine(bytes[from]);
			}
			else {
				int to = endOfLine(bytes, from, Math.min(length, from + this.maxLength - lineLength()));
				append(bytes, from, to - from);
				from = to;
			}
		}
	}

	void end() {
		if (this.end > this.whole) {
			endLine();
		}
	}

	void writeTo(LineSink sink) {
		if (this.whole == 0) {
			return;
		}
		try {
			sink.write(this.buffer, this.whole);
		}
		finally {
			System.arraycopy(this.buffer, this.whole, this.buffer, 0, this.end - this.whole);
			this.end -= this.whole;
			this.whole = 0;
		}
	}

	private void beginLine() {
		if (this.end == this.whole) {
			append(this.prefix, 0, this.prefix.length);
		}
	}

	private void endLine() {
		this.lastLines.add(this.buffer, this.end - lineLength(), lineLength());
		append(NEW_LINE, 0, NEW_LINE.length);
		this.whole = this.end;
	}

	private void cutLine(byte next) {
		int cut = this.end;
		byte first = next;
		while (isContinuation(first) && this.end - cut < UTF_8_MAX_CONTINUATION) {
			cut--;
			first = this.buffer[cut];
		}
		byte[] rest = isContinuation(first) ? new byte[0] : Arrays.copyOfRange(this.buffer, cut, this.end);
		this.end -= rest.length;
		endLine();
		beginLine();
		append(rest, 0, rest.length);
	}

	private int lineLength() {
		return this.end - this.whole - this.prefix.length;
	}

	private void append(byte[] bytes, int from, int length) {
		if (this.buffer.length < this.end + length) {
			this.buffer = Arrays.copyOf(this.buffer, Math.max(this.end + length, 2 * this.buffer.length));
		}
		System.arraycopy(bytes, from, this.buffer, this.end, length);
		this.end += length;
	}

	private static int endOfLine(byte[] bytes, int from, int limit) {
		int to = from;
		while (to < limit && bytes[to] != '\n') {
			to++;
		}
		return to;
	}

	private static boolean isContinuation(byte b) {
		return (b & 0xC0) == 0x80;
	}

}
