package io.github.bootcluster;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Holds the document on security to its word that each of its promises has a test.
 */
class SecurityDocumentTests {

	private static final Path ROOT = Path.of("..");

	private static final Pattern REFERENCE = Pattern.compile("`(\\w+)#(\\w+)`");

	@Test
	void everyPromiseNamesATestThatExists() throws IOException {
		Map<String, Path> sources = testSources();
		List<String> rows = promises();
		assertThat(rows).hasSizeGreaterThan(10);
		for (String row : rows) {
			Matcher matcher = REFERENCE.matcher(row);
			int found = 0;
			while (matcher.find()) {
				found++;
				assertThat(sources).as(row).containsKey(matcher.group(1));
				assertThat(Files.readString(sources.get(matcher.group(1)))).as(row)
					.containsPattern("void " + matcher.group(2) + "\\(");
			}
			assertThat(found).as(row).isPositive();
		}
	}

	private static List<String> promises() throws IOException {
		List<String> lines = Files.readAllLines(ROOT.resolve("docs").resolve("security.md"));
		int start = lines.indexOf("| a compromised worker | can it? | test |");
		return lines.stream().skip(start + 2).takeWhile((line) -> line.startsWith("| ")).toList();
	}

	private static Map<String, Path> testSources() throws IOException {
		try (Stream<Path> modules = Files.list(ROOT)) {
			return modules.map((module) -> module.resolve(Path.of("src", "test", "java")))
				.filter(Files::isDirectory)
				.flatMap(SecurityDocumentTests::sources)
				.collect(Collectors.toMap((file) -> file.getFileName().toString().replace(".java", ""), (file) -> file,
						(one, other) -> one));
		}
	}

	private static Stream<Path> sources(Path folder) {
		try (Stream<Path> files = Files.walk(folder)) {
			return files.filter((file) -> file.toString().endsWith(".java")).toList().stream();
		}
		catch (IOException ex) {
			throw new IllegalStateException(ex);
		}
	}

}
