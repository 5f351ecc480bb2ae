package io.github.bootcluster.sample;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.jspecify.annotations.Nullable;

/**
 * The lines that a process and its children write, kept in memory up to a bound, and in a
 * file.
 */
final class ProcessOutput {

	private static final int KEPT_LINES = 20_000;

	private static final int TOLD_LINES = 40;

	private final List<String> lines = new ArrayList<>();

	private final Path file;

	private int dropped;

	private boolean ended;

	private boolean paused;

	ProcessOutput(InputStream input, Path file) throws IOException {
		this.file = file;
		Files.createDirectories(file.getParent());
		Writer writer = Files.newBufferedWriter(file);
		Thread thread = new Thread(() -> read(input, writer), "output-" + file.getFileName());
		thread.setDaemon(true);
		thread.start();
	}

	private void read(InputStream input, Writer writer) {
		try (writer; BufferedReader reader = new BufferedReader(new InputStreamReader(input, StandardCharsets.UTF_8))) {
			for (String line = reader.readLine(); line != null; line = reader.readLine()) {
				writer.write(line + "\n");
				writer.flush();
				add(line);
				awaitResumption();
			}
		}
		catch (IOException | InterruptedException ex) {
			add("(output lost: " + ex + ")");
		}
		synchronized (this) {
			this.ended = true;
			notifyAll();
		}
	}

	private synchronized void awaitResumption() throws InterruptedException {
		while (this.paused) {
			wait();
		}
	}

	/**
	 * Reads nothing any more, but for a line at most, until it is resumed.
	 */
	synchronized void pause() {
		this.paused = true;
	}

	synchronized void resume() {
		this.paused = false;
		notifyAll();
	}

	private synchronized void add(String line) {
		this.lines.add(line);
		if (this.lines.size() > KEPT_LINES) {
			int surplus = KEPT_LINES / 2;
			this.lines.subList(0, surplus).clear();
			this.dropped += surplus;
		}
		notifyAll();
	}

	/**
	 * Returns the number of lines so far, from which a later search can start.
	 * @return the mark
	 */
	synchronized int mark() {
		return this.dropped + this.lines.size();
	}

	synchronized List<String> lines() {
		return List.copyOf(this.lines);
	}

	List<String> linesMatching(String regex) {
		Pattern pattern = Pattern.compile(regex);
		return lines().stream().filter((line) -> pattern.matcher(line).find()).toList();
	}

	/**
	 * Waits for a line behind a mark.
	 * @param mark where to start
	 * @param regex what to find in the line
	 * @param limit the longest wait
	 * @return the match
	 * @throws InterruptedException if the thread is interrupted
	 */
	synchronized Matcher awaitLine(int mark, String regex, Duration limit) throws InterruptedException {
		Pattern pattern = Pattern.compile(regex);
		long deadline = System.nanoTime() + limit.toNanos();
		int next = mark;
		while (true) {
			for (; next < mark(); next++) {
				Matcher matcher = matcherAt(next, pattern);
				if (matcher != null && matcher.find()) {
					return matcher;
				}
			}
			long remaining = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
			if (this.ended || remaining <= 0) {
				throw new AssertionError("No line '" + regex + "' "
						+ (this.ended ? "before the output ended" : "within " + limit) + ". " + tail());
			}
			wait(remaining);
		}
	}

	private @Nullable Matcher matcherAt(int index, Pattern pattern) {
		return (index >= this.dropped) ? pattern.matcher(this.lines.get(index - this.dropped)) : null;
	}

	/**
	 * Waits until no process holds the other end any more.
	 * @param limit the longest wait
	 * @return whether it came to that
	 * @throws InterruptedException if the thread is interrupted
	 */
	synchronized boolean awaitEnd(Duration limit) throws InterruptedException {
		long deadline = System.nanoTime() + limit.toNanos();
		while (!this.ended) {
			long remaining = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
			if (remaining <= 0) {
				return false;
			}
			wait(remaining);
		}
		return true;
	}

	/**
	 * Returns the last lines, fit for the message of a failure.
	 * @return the lines, led by the file that holds all
	 */
	synchronized String tail() {
		List<String> last = this.lines.subList(Math.max(0, this.lines.size() - TOLD_LINES), this.lines.size());
		return "All output is in " + this.file + ", the last of it:\n" + String.join("\n", last);
	}

}
