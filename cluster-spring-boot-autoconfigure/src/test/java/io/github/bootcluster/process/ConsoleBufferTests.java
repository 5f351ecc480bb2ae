package io.github.bootcluster.process;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Scanner;
import java.util.stream.IntStream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Promises on a console that nobody reads: its writers go on.
 */
@Timeout(60)
class ConsoleBufferTests {

	private static final int CAPACITY = 4096;

	private static final String NOTICE = " lines of output were dropped because nobody read them";

	@Test
	void writerGoesOnWhileNobodyReadsAndTheReaderLearnsHowMuchIsMissing() throws Exception {
		PipedOutputStream pipe = new PipedOutputStream();
		PipedInputStream reader = new PipedInputStream(pipe, 16);
		ConsoleBuffer buffer = ConsoleBuffer.open("test-console", pipe, CAPACITY);
		PrintStream out = new PrintStream(buffer, true, StandardCharsets.UTF_8);
		IntStream.range(0, 1000).forEach((number) -> out.println("line " + number));
		List<String> lines = new ArrayList<>();
		Scanner scanner = new Scanner(reader, StandardCharsets.UTF_8);
		String line = scanner.nextLine();
		while (!line.endsWith(NOTICE)) {
			lines.add(line);
			line = scanner.nextLine();
		}
		assertThat(lines).containsExactlyElementsOf(
				IntStream.range(0, lines.size()).mapToObj((number) -> "line " + number).toList());
		assertThat(line).isEqualTo((1000 - lines.size()) + NOTICE);
		out.println("after");
		assertThat(scanner.nextLine()).isEqualTo("after");
	}

	@Test
	void linesOfWorkersAreDroppedWhileNobodyReadsAndThoseOfTheMasterStillFit() throws Exception {
		PipedOutputStream pipe = new PipedOutputStream();
		PipedInputStream reader = new PipedInputStream(pipe, 16);
		ConsoleBuffer buffer = ConsoleBuffer.open("test-console", pipe, CAPACITY);
		LineSink workers = LineSink.console(buffer);
		byte[] line = ("x".repeat(99) + "\n").getBytes(StandardCharsets.UTF_8);
		for (int i = 0; i < 1000; i++) {
			workers.write(line, line.length);
		}
		new PrintStream(buffer, true, StandardCharsets.UTF_8).println("of the master");
		Scanner scanner = new Scanner(reader, StandardCharsets.UTF_8);
		int kept = 0;
		while (!scanner.nextLine().equals("of the master")) {
			kept++;
		}
		assertThat(kept).isPositive();
		assertThat(scanner.nextLine()).isEqualTo((1000 - kept) + NOTICE);
	}

	@Test
	void workerIsHeldUpRatherThanCutShortAsLongAsSomebodyReads() throws Exception {
		ByteArrayOutputStream read = new ByteArrayOutputStream();
		ConsoleBuffer buffer = ConsoleBuffer.open("test-console", read, CAPACITY);
		LineSink workers = LineSink.console(buffer);
		for (int i = 0; i < 10_000; i++) {
			byte[] line = ("line " + i + "\n").getBytes(StandardCharsets.UTF_8);
			workers.write(line, line.length);
		}
		buffer.end();
		assertThat(read.toString(StandardCharsets.UTF_8).lines()).hasSize(10_000).doesNotHaveDuplicates();
	}

	@Test
	void endWritesWhatIsReadAndDoesNotWaitForWhatIsNot() throws Exception {
		ByteArrayOutputStream read = new ByteArrayOutputStream();
		ConsoleBuffer buffer = ConsoleBuffer.open("test-console", read, CAPACITY);
		buffer.write("before\n".getBytes(StandardCharsets.UTF_8));
		buffer.end();
		buffer.write("last words\n".getBytes(StandardCharsets.UTF_8));
		assertThat(read.toString(StandardCharsets.UTF_8)).isEqualTo("before\nlast words\n");
		PipedOutputStream pipe = new PipedOutputStream();
		try (PipedInputStream nobody = new PipedInputStream(pipe, 16)) {
			ConsoleBuffer unread = ConsoleBuffer.open("test-console", pipe, CAPACITY);
			unread.write("more than sixteen bytes\n".getBytes(StandardCharsets.UTF_8));
			unread.end();
			assertThat(nobody.available()).isEqualTo(16);
		}
	}

	@Test
	void consoleThatIsGoneStopsNobody() throws Exception {
		ConsoleBuffer buffer = ConsoleBuffer.open("test-console", new OutputStream() {

			@Override
			public void write(int b) throws IOException {
				throw new IOException("Broken pipe");
			}

			@Override
			public void flush() {
				throw new UncheckedIOException(new IOException("Broken pipe"));
			}

		}, CAPACITY);
		LineSink workers = LineSink.console(buffer);
		byte[] line = "line\n".getBytes(StandardCharsets.UTF_8);
		for (int i = 0; i < 10_000; i++) {
			workers.write(line, line.length);
		}
		buffer.end();
	}

}
