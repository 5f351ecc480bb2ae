package io.github.bootcluster.process;

import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * Carries the output of one worker to the console. It takes a thread, because the JDK can
 * read a pipe in a blocking way only; the JDK itself keeps another one per process that
 * waits for its end. The thread owns the pipe, and reads it to its end whatever becomes
 * of the console: a worker whose pipe is full would block for ever.
 */
final class OutputPump implements Runnable {

	/**
	 * Up to this size, the JDK reads without allocating memory for each read.
	 */
	private static final int CHUNK = 8 * 1024;

	private static final int STACK = 256 * 1024;

	private final String name;

	private final InputStream output;

	private final PrintStream console;

	private final LastLines lastLines = new LastLines();

	private final PrefixedLines lines;

	private final CompletableFuture<Void> finished = new CompletableFuture<>();

	OutputPump(String name, InputStream output, PrintStream console) {
		this.name = name;
		this.output = output;
		this.console = console;
		this.lines = new PrefixedLines(name, this.lastLines);
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
			this.finished.complete(null);
		}
	}

	private void write() {
		try {
			this.lines.writeTo(this.console);
		}
		catch (RuntimeException | Error ex) {
			// Nobody is left to tell, and the pipe must go on being read
		}
	}

	/**
	 * Returns a future that completes when the output was read to its end.
	 * @return a copy, so that giving up on it concerns the caller only
	 */
	CompletableFuture<Void> finished() {
		return this.finished.copy();
	}

	List<String> lastLines() {
		return this.lastLines.toList();
	}

}
