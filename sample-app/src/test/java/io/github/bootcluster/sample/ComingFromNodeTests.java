package io.github.bootcluster.sample;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import io.github.bootcluster.autoconfigure.properties.ClusterProperties;
import org.junit.jupiter.api.Test;

import org.springframework.boot.context.properties.bind.BindHandler;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.bind.handler.NoUnboundElementsBindHandler;
import org.springframework.core.env.SimpleCommandLinePropertySource;
import org.springframework.core.env.StandardEnvironment;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Promises of the guide for users of Node, as far as they can be read off it;
 * {@link ComingFromNodeIT} runs it.
 */
class ComingFromNodeTests {

	private static final Path SOURCES = Path.of("src", "test", "java", "io", "github", "bootcluster", "guide");

	private static final Pattern REGION = Pattern
		.compile("(?ms)^\\s*// tag::([\\w-]+)\\[]\n(.*?)^\\s*// end::\\1\\[]$");

	private final GuideDocument guide = GuideDocument.read();

	ComingFromNodeTests() throws IOException {
	}

	@Test
	void everyRowHasASnippetAndEverySnippetARow() {
		assertThat(this.guide.rows()).hasSizeGreaterThan(40).allSatisfy((row, names) -> assertThat(names).isNotEmpty());
		Set<String> named = new LinkedHashSet<>();
		this.guide.rows().values().forEach(named::addAll);
		assertThat(named).containsExactlyInAnyOrderElementsOf(this.guide.snippets().keySet());
	}

	@Test
	void javaSnippetsAreTheCodeThatRuns() throws IOException {
		Map<String, String> regions = regions();
		assertThat(this.guide.names("java")).containsExactlyInAnyOrderElementsOf(regions.keySet());
		for (String name : this.guide.names("java")) {
			assertThat(this.guide.snippet(name).text()).as(name).isEqualTo(regions.get(name));
		}
	}

	@Test
	void settingsAreThoseThatThereAre() throws IOException {
		for (String name : this.guide.names("properties")) {
			List<String> arguments = this.guide.arguments(name);
			assertThat(arguments).as(name).isNotEmpty();
			StandardEnvironment environment = new StandardEnvironment();
			environment.getPropertySources()
				.addFirst(new SimpleCommandLinePropertySource(arguments.toArray(String[]::new)));
			assertThat(arguments).as(name)
				.allMatch((argument) -> argument.startsWith("--cluster.") || argument.startsWith("--server.address="));
			Binder.get(environment)
				.bindOrCreate("cluster", Bindable.of(ClusterProperties.class),
						new NoUnboundElementsBindHandler(BindHandler.DEFAULT));
		}
	}

	private static Map<String, String> regions() throws IOException {
		Map<String, String> regions = new HashMap<>();
		try (Stream<Path> files = Files.list(SOURCES)) {
			for (Path file : files.toList()) {
				Matcher matcher = REGION.matcher(Files.readString(file));
				while (matcher.find()) {
					regions.put(matcher.group(1), unindented(matcher.group(2)));
				}
			}
		}
		return regions;
	}

	private static String unindented(String text) {
		List<String> lines = new ArrayList<>(text.lines().map((line) -> line.replace("\t", "    ")).toList());
		int indent = lines.stream()
			.filter((line) -> !line.isBlank())
			.mapToInt((line) -> line.length() - line.stripLeading().length())
			.min()
			.orElse(0);
		lines.replaceAll((line) -> line.isBlank() ? "" : line.substring(indent));
		return String.join("\n", lines) + "\n";
	}

}
