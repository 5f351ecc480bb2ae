package io.github.bootcluster.process;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;

/**
 * Bounded buffer before a console that nobody may read: a full pipe blocks its writer
 * until somebody reads. Here only the buffer's own thread waits. What does not fit is
 * dropped, and counted, until the console takes what is waiting.
 */
final class ConsoleBuffer extends OutputStream {

	static final int CAPACITY = 1024 * 1024;

	/**
	 * A console that takes nothing for so long is not read.
	 */
	private static final Duration STUCK_AFTER = Duration.ofSeconds(1);

	/**
	 * How long the end of the process may take for the sake of its output.
	 */
	private static final Duration LONGEST_END = Duration.ofSeconds(5);

	/**
	 * Up to this size, the JDK writes without allocating memory for each write.
	 */
	private static final int CHUNK = 8 * 1024;

	private static final int INITIAL_SIZE = 8 * 1024;

	private static final int STACK = 256 * 1024;

	private final OutputStream console;

	private final int capacity;

	private byte[] waiting = new byte[INITIAL_SIZE];

	private int waitingLength;

	/**
	 * How much of what the writer has taken it has not written yet.
	 */
	private int taken;

	private boolean writing;

	private long writingSince;

	private boolean midLine;

	private long dropped;

	private boolean ending;

	private long endingSince;

	private ConsoleBuffer(OutputStream console, int capacity) {
		this.console = console;
		this.capacity = capacity;
	}

	/**
	 * Opens a buffer, whose thread ends with the process.
	 * @param name the name of the thread
	 * @param console where to write what comes
	 * @param capacity how many bytes may wait
	 */
	static ConsoleBuffer open(String name, OutputStream console, int capacity) {
		ConsoleBuffer buffer = new ConsoleBuffer(console, capacity);
		Thread thread = new Thread(null, buffer::run, name, STACK, false);
		thread.setDaemon(true);
		thread.start();
		return buffer;
	}

	@Override
	public void write(int b) {
		write(new byte[] { (byte) b }, 0, 1);
	}

	/**
	 * Takes bytes or drops them, all of them or none, and does not wait unless the
	 * process ends.
	 */
	@Override
	public synchronized void write(byte[] bytes, int offset, int length) {
		tellDropped();
		add(bytes, offset, length, this.capacity);
		if (this.ending) {
			awaitWritten();
		}
	}

	/**
	 * Takes lines of somebody who may be held up: waits for room, but only as long as the
	 * console is read. A quarter of the buffer is left to the others.
	 * @param bytes whole lines
	 * @param length how many bytes they take from the first on
	 */
	synchronized void writePatiently(byte[] bytes, int length) {
		tellDropped();
		int limit = this.capacity / 4 * 3;
		while (this.dropped == 0 && !fits(length, limit) && !isStuck() && awaitProgress()) {
			// There may be room now
		}
		add(bytes, 0, length, (this.dropped == 0) ? limit : 0);
	}

	private boolean fits(int length, int limit) {
		return waitingBytes() == 0 || waitingBytes() + length <= limit;
	}

	private void add(byte[] bytes, int offset, int length, int limit) {
		if (fits(length, limit)) {
			append(bytes, offset, length);
		}
		else {
			this.dropped += countLines(bytes, offset, length);
		}
	}

	private void append(byte[] bytes, int offset, int length) {
		int needed = this.waitingLength + length;
		if (length == 0) {
			return;
		}
		if (this.waiting.length < needed) {
			this.waiting = Arrays.copyOf(this.waiting, Math.max(needed, 2 * this.waiting.length));
		}
		System.arraycopy(bytes, offset, this.waiting, this.waitingLength, length);
		this.waitingLength = needed;
		this.midLine = bytes[offset + length - 1] != '\n';
		notifyAll();
	}

	private static long countLines(byte[] bytes, int offset, int length) {
		long lines = 0;
		for (int i = offset; i < offset + length; i++) {
			if (bytes[i] == '\n') {
				lines++;
			}
		}
		return lines;
	}

	private int waitingBytes() {
		return this.waitingLength + this.taken;
	}

	private boolean isStuck() {
		return this.writing && System.nanoTime() - this.writingSince > STUCK_AFTER.toNanos();
	}

	private boolean awaitProgress() {
		try {
			TimeUnit.NANOSECONDS.timedWait(this, STUCK_AFTER.toNanos() / 2);
			return true;
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			return false;
		}
	}

	/**
	 * Waits from now on, in each write, until the console has taken what was written: the
	 * process ends, and the buffer's thread with it. A console that is not read is not
	 * waited for.
	 */
	synchronized void end() {
		if (!this.ending) {
			this.ending = true;
			this.endingSince = System.nanoTime();
		}
		awaitWritten();
	}

	private void awaitWritten() {
		while ((waitingBytes() > 0 || this.dropped > 0) && !isStuck()
				&& System.nanoTime() - this.endingSince < LONGEST_END.toNanos() && awaitProgress()) {
			// The rest is still being written
		}
	}

	private void run() {
		byte[] spare = new byte[INITIAL_SIZE];
		while (true) {
			byte[] bytes;
			int length;
			synchronized (this) {
				awaitBytes();
				bytes = this.waiting;
				length = this.waitingLength;
				this.waiting = spare;
				this.waitingLength = 0;
				this.taken = length;
			}
			for (int from = 0; from < length; from += CHUNK) {
				writeNow(bytes, from, Math.min(CHUNK, length - from));
			}
			spare = (bytes.length <= INITIAL_SIZE) ? bytes : new byte[INITIAL_SIZE];
		}
	}

	private void awaitBytes() {
		tellDropped();
		while (this.waitingLength == 0) {
			try {
				wait();
			}
			catch (InterruptedException ex) {
				// Whatever it was about, this thread ends with the process
			}
		}
	}

	private void tellDropped() {
		if (this.dropped > 0 && waitingBytes() <= this.capacity / 2) {
			byte[] notice = "%s%d lines of output were dropped because nobody read them\n"
				.formatted(this.midLine ? "\n" : "", this.dropped)
				.getBytes(StandardCharsets.UTF_8);
			this.dropped = 0;
			append(notice, 0, notice.length);
		}
	}

	private void writeNow(byte[] bytes, int from, int length) {
		synchronized (this) {
			this.writing = true;
			this.writingSince = System.nanoTime();
		}
		try {
			this.console.write(bytes, from, length);
			this.console.flush();
		}
		catch (IOException | RuntimeException ex) {
			// The console is gone, and what was written to it with it
		}
		synchronized (this) {
			this.writing = false;
			this.taken -= length;
			notifyAll();
		}
	}

}
