package io.github.bootcluster.process;

import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * Carries the output of one worker to where it belongs. It takes a thread, because the
 * JDK can read a pipe in a blocking way only; the JDK itself keeps another one per
 * process that waits for its end. The thread owns the pipe, and reads it to its end
 * whatever becomes of the sink: a worker whose pipe is full would block for ever.
 */
final class OutputPump implements ProcessOutput, Runnable {

	/**
	 * Up to this size, the JDK reads without allocating memory for each read.
	 */
	private static final int CHUNK = 8 * 1024;

	private static final int STACK = 256 * 1024;

	private final String name;

	private final InputStream output;

	private final LineSink sink;

	private final LastLines lastLines = new LastLines();

	private final PrefixedLines lines;

	private final CompletableFuture<Void> finished = new CompletableFuture<>();

	/**
	 * Creates a pump that does not run yet.
	 */
	OutputPump(String name, InputStream output, String prefix, LineSink sink) {
		this(name, output, prefix, PrefixedLines.MAX_LENGTH, sink);
	}

	OutputPump(String name, InputStream output, String prefix, int maxLength, LineSink sink) {
		this.name = name;
		this.output = output;
		this.sink = sink;
		this.lines = new PrefixedLines(prefix, maxLength, this.lastLines);
	}

	void start() {
		Thread thread = new Thread(null, this, this.name + "-output", STACK, false);
		thread.setDaemon(true);
		thread.start();
	}

	@Override
	public void run() {
		byte[] chunk = new byte[CHUNK];
		try (InputStream in = this.output) {
			int length = in.read(chunk);
			while (length >= 0) {
				this.lines.add(chunk, length);
				write();
				length = in.read(chunk);
			}
		}
		catch (IOException ex) {
			// The pipe is broken, so nothing more can come
		}
		finally {
			this.lines.end();
			write();
			closeSink();
			this.finished.complete(null);
		}
	}

	private void write() {
		try {
			this.lines.writeTo(this.sink);
		}
		catch (RuntimeException | Error ex) {
			// Nobody is left to tell, and the pipe must go on being read
		}
	}

	private void closeSink() {
		try {
			this.sink.close();
		}
		catch (IOException ex) {
			// The descriptor is released all the same
		}
	}

	@Override
	public CompletableFuture<Void> finished() {
		return this.finished.copy();
	}

	@Override
	public List<String> lastLines() {
		return this.lastLines.toList();
	}

}
