package io.github.bootcluster.process;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * The last lines of an output: what a worker said before it ended. Bytes are decoded only
 * when somebody asks, and each slot is used again, so that keeping a line is a copy and
 * nothing else.
 */
final class LastLines {

	static final int COUNT = 50;

	static final int MAX_CHARACTERS = 2000;

	private static final int UTF_8_MAX_BYTES = 4;

	private final byte[][] slots = new byte[COUNT][0];

	private final int[] lengths = new int[COUNT];

	private long added;

	synchronized void add(byte[] bytes, int from, int length) {
		int slot = (int) (this.added % COUNT);
		int kept = Math.min(length, UTF_8_MAX_BYTES * MAX_CHARACTERS);
		if (this.slots[slot].length < kept) {
			this.slots[slot] = new byte[kept];
		}
		System.arraycopy(bytes, from, this.slots[slot], 0, kept);
		this.lengths[slot] = kept;
		this.added++;
	}

	synchronized List<String> toList() {
		List<String> lines = new ArrayList<>();
		for (long line = Math.max(0, this.added - COUNT); line < this.added; line++) {
			int slot = (int) (line % COUNT);
			String text = new String(this.slots[slot], 0, this.lengths[slot], StandardCharsets.UTF_8);
			lines.add(text.substring(0, Math.min(text.length(), MAX_CHARACTERS)));
		}
		return List.copyOf(lines);
	}

}
