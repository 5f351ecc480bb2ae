package io.github.bootcluster.sample;

import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Properties;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The guide for users of Node: rows of tables that name snippets, and the snippets, each
 * a fenced block below a heading that is its name.
 *
 * @param rows the rows by their text, each with the names of its snippets
 * @param snippets the snippets by name
 */
record GuideDocument(Map<String, List<String>> rows, Map<String, Snippet> snippets) {

	private static final Path FILE = Path.of("..", "docs", "coming-from-node.md");

	private static final Pattern LINK = Pattern.compile("\\[[\\w-]+]\\(#([\\w-]+)\\)");

	private static final Pattern SNIPPET = Pattern.compile("(?ms)^### ([\\w-]+)\n\n```(\\w+)\n(.*?)^```$");

	static GuideDocument read() throws IOException {
		String text = Files.readString(FILE);
		Map<String, List<String>> rows = new LinkedHashMap<>();
		for (String line : text.lines().toList()) {
			if (line.startsWith("| ") && !line.endsWith("| snippet |")) {
				List<String> names = new ArrayList<>();
				Matcher links = LINK.matcher(line);
				while (links.find()) {
					names.add(links.group(1));
				}
				rows.put(line, names);
			}
		}
		Map<String, Snippet> snippets = new LinkedHashMap<>();
		Matcher blocks = SNIPPET.matcher(text);
		while (blocks.find()) {
			snippets.put(blocks.group(1), new Snippet(blocks.group(2), blocks.group(3)));
		}
		return new GuideDocument(rows, snippets);
	}

	/**
	 * Returns the names of snippets in a language.
	 * @param language the language, as the fence names it
	 * @return the names
	 */
	Set<String> names(String language) {
		Set<String> names = new LinkedHashSet<>(this.snippets.keySet());
		names.removeIf((name) -> !snippet(name).language().equals(language));
		return names;
	}

	Snippet snippet(String name) {
		return Objects.requireNonNull(this.snippets.get(name), name);
	}

	/**
	 * Returns the settings of a snippet as arguments.
	 * @param name the name
	 * @return the arguments
	 * @throws IOException never
	 */
	List<String> arguments(String name) throws IOException {
		Properties properties = new Properties();
		properties.load(new StringReader(snippet(name).text()));
		return properties.stringPropertyNames().stream().map((key) -> "--" + key + "=" + properties.get(key)).toList();
	}

	/**
	 * Returns the command lines of a snippet.
	 * @param name the name
	 * @return the commands, without the prompt
	 */
	List<String> commands(String name) {
		return snippet(name).text().lines().map((line) -> line.substring("$ ".length())).toList();
	}

	/**
	 * Block of code.
	 *
	 * @param language what the fence names
	 * @param text the lines
	 */
	record Snippet(String language, String text) {

	}

}
