package io.github.bootcluster.process;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class PrefixedLinesTests {

	private final LastLines lastLines = new LastLines();

	private final PrefixedLines lines = new PrefixedLines("w | ", PrefixedLines.MAX_LENGTH, this.lastLines);

	private final ByteArrayOutputStream written = new ByteArrayOutputStream();

	private final LineSink console = LineSink.console(new PrintStream(this.written));

	@Test
	void putsTheNameBeforeEachLine() {
		add("one\n\nthr");
		assertThat(written()).isEqualTo("w | one\nw | \n");
		add("ee\n");
		assertThat(written()).isEqualTo("w | one\nw | \nw | three\n");
	}

	@Test
	void writesALineThatWasNeverEnded() {
		add("last words");
		assertThat(written()).isEmpty();
		this.lines.end();
		this.lines.end();
		this.lines.writeTo(this.console);
		assertThat(written()).isEqualTo("w | last words\n");
		assertThat(this.lastLines.toList()).containsExactly("last words");
	}

	@Test
	void passesBytesThroughThatAreNoText() {
		byte[] bytes = { (byte) 0xFF, 0, (byte) 0x80, '\r', '\n' };
		this.lines.add(bytes, bytes.length);
		this.lines.writeTo(this.console);
		assertThat(this.written.toByteArray()).containsExactly('w', ' ', '|', ' ', 0xFF, 0, 0x80, '\r', '\n');
	}

	@Test
	void doesNotCutALineOfTheGreatestLength() {
		String line = "x".repeat(PrefixedLines.MAX_LENGTH);
		add(line);
		add("\n");
		assertThat(written()).isEqualTo("w | " + line + "\n");
	}

	@Test
	void cutsALineThatIsTooLongBetweenTwoCharacters() {
		String start = "x".repeat(PrefixedLines.MAX_LENGTH - 2);
		add(start + "\u20ac\u20ac\n");
		assertThat(written()).isEqualTo("w | " + start + "\nw | \u20ac\u20ac\n");
	}

	@Test
	void cutsALineThatIsNoTextAtTheGreatestLength() {
		byte[] bytes = new byte[PrefixedLines.MAX_LENGTH + 10];
		Arrays.fill(bytes, (byte) 0x80);
		this.lines.add(bytes, bytes.length);
		this.lines.end();
		this.lines.writeTo(this.console);
		assertThat(this.written.size()).isEqualTo(bytes.length + 2 * "w | \n".length());
	}

	@Test
	void keepsTheLastFiftyLines() {
		for (int i = 1; i <= 120; i++) {
			add("line " + i + "\n");
		}
		assertThat(this.lastLines.toList()).hasSize(50).startsWith("line 71").endsWith("line 120");
	}

	@Test
	void keepsTheBeginningOfALongLine() {
		add("\u20ac".repeat(5000) + "\nshort\n");
		assertThat(this.lastLines.toList()).containsExactly("\u20ac".repeat(2000), "short");
	}

	private void add(String text) {
		byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
		this.lines.add(bytes, bytes.length);
		this.lines.writeTo(this.console);
	}

	private String written() {
		return this.written.toString(StandardCharsets.UTF_8);
	}

}
