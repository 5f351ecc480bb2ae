package io.github.bootcluster.process;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Promises on the lines of workers whose loggers write JSON.
 */
class StructuredLinesTests {

	private final List<String> written = new ArrayList<>();

	private boolean logged = true;

	private final StructuredLines lines = new StructuredLines(
			(bytes, length) -> this.written.add(new String(bytes, 0, length, StandardCharsets.UTF_8)),
			(line) -> this.logged && this.written.add("told: " + line));

	@Test
	void objectsAreWrittenAsTheyAreByOneCall() {
		write("{\"a\":1}\n{\"b\":\"ü\"}\n");
		assertThat(this.written).containsExactly("{\"a\":1}\n{\"b\":\"ü\"}\n");
	}

	@Test
	void otherLinesAreToldInTheirPlace() {
		write("{\"a\":1}\n# A fatal error\r\n{\"b\":2}\r\n\n  \nOutOfMemoryError\n");
		assertThat(this.written).containsExactly("{\"a\":1}\n", "told: # A fatal error", "{\"b\":2}\r\n",
				"told: OutOfMemoryError");
	}

	@Test
	void otherLinesAreWrittenAsTheyAreWhereTheLogDoesNotTakeThem() {
		this.logged = false;
		write("{\"a\":1}\nOutOfMemoryError\n");
		assertThat(this.written).containsExactly("{\"a\":1}\n", "OutOfMemoryError\n");
	}

	@Test
	void partsOfALineThatWasCutAreNoObjects() {
		write("{\"a\":\"beginning\nend\"}\n}\n{\n[1]\n");
		assertThat(this.written).containsExactly("told: {\"a\":\"beginning", "told: end\"}", "told: }", "told: {",
				"told: [1]");
	}

	private void write(String text) {
		byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
		this.lines.write(bytes, bytes.length);
	}

}
