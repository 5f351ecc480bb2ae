package io.github.bootcluster.autoconfigure;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The reference as its tables: one a section.
 */
final class ReferenceDocument {

	static final Path FILE = Path.of("..", "docs", "reference.md");

	private static final Pattern CODE = Pattern.compile("`([^`]+)`");

	private final Map<String, List<Row>> sections = new LinkedHashMap<>();

	private ReferenceDocument(List<String> lines) {
		List<Row> current = new ArrayList<>();
		for (String line : lines) {
			if (line.startsWith("#")) {
				current = new ArrayList<>();
				this.sections.put(line.replaceFirst("#+ ", ""), current);
			}
			else if (line.startsWith("| `")) {
				current.add(new Row(line));
			}
		}
	}

	static ReferenceDocument read() {
		try {
			return new ReferenceDocument(Files.readAllLines(FILE));
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/**
	 * Returns the rows of a section's table that begin with code.
	 * @param heading the section's heading
	 * @return the rows
	 */
	List<Row> section(String heading) {
		return this.sections.getOrDefault(heading, List.of());
	}

	/**
	 * Compares a table with what it should hold.
	 * @param heading the section's heading
	 * @param expected the whole rows that should be there, by their names
	 * @param begins whether a row may go on behind what is expected
	 * @return what has to be changed, nothing if it is right
	 */
	List<String> differences(String heading, Map<String, String> expected, boolean begins) {
		List<String> differences = new ArrayList<>();
		Map<String, Row> rows = new LinkedHashMap<>();
		section(heading).forEach((row) -> row.names().forEach((name) -> {
			if (rows.put(name, row) != null) {
				differences.add("\nIn '%s', %s is there twice".formatted(heading, name));
			}
		}));
		expected.forEach((name, line) -> {
			Row row = rows.get(name);
			if (row == null) {
				differences.add("\nIn '%s', add\n%s".formatted(heading, line));
			}
			else if (begins && !row.line().startsWith(line.replaceFirst(" \\|$", ""))) {
				differences.add("\nIn '%s', change\n%s\nto\n%s".formatted(heading, row.line(), line));
			}
		});
		Set<String> surplus = new TreeSet<>(rows.keySet());
		surplus.removeAll(expected.keySet());
		surplus.forEach((name) -> differences.add("\nIn '%s', delete\n%s".formatted(heading, rows.get(name))));
		return differences;
	}

	/**
	 * A row of a table.
	 *
	 * @param line the whole line
	 */
	record Row(String line) {

		/**
		 * Returns what the row is about.
		 * @return all code in the first cell
		 */
		List<String> names() {
			return code(cell(0));
		}

		String cell(int number) {
			List<String> cells = Arrays.stream(this.line.split("\\|")).map(String::trim).toList();
			return (number + 1 < cells.size()) ? cells.get(number + 1) : "";
		}

		boolean names(String code) {
			return code(this.line).contains(code);
		}

		private static List<String> code(String text) {
			List<String> code = new ArrayList<>();
			for (Matcher matcher = CODE.matcher(text); matcher.find();) {
				code.add(matcher.group(1));
			}
			return code;
		}

		@Override
		public String toString() {
			return this.line;
		}

	}

}
