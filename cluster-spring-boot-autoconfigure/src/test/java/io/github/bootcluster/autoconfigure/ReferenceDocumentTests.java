package io.github.bootcluster.autoconfigure;

import java.io.InputStream;
import java.lang.annotation.Annotation;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import io.github.bootcluster.Cluster;
import io.github.bootcluster.ClusterWorker;
import io.github.bootcluster.actuate.ClusterEndpoint;
import io.github.bootcluster.actuate.FakeCluster;
import io.github.bootcluster.autoconfigure.ReferenceDocument.Row;
import io.github.bootcluster.autoconfigure.properties.ClusterProperties;
import io.github.bootcluster.event.ClusterEvent;
import io.github.bootcluster.message.ClusterMessage;
import io.github.bootcluster.metrics.MasterMeters;
import io.github.bootcluster.wire.WorkerIdentity;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.boot.actuate.endpoint.annotation.DeleteOperation;
import org.springframework.boot.actuate.endpoint.annotation.ReadOperation;
import org.springframework.boot.actuate.endpoint.annotation.Selector;
import org.springframework.boot.actuate.endpoint.annotation.WriteOperation;
import org.springframework.context.ApplicationEvent;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Holds the reference to the code. Each failure says which line has to be added, changed
 * or deleted.
 */
class ReferenceDocumentTests {

	private static final String ENDPOINT = "/actuator/cluster";

	private static final Map<Class<? extends Annotation>, String> METHODS = Map.of(ReadOperation.class, "GET",
			WriteOperation.class, "POST", DeleteOperation.class, "DELETE");

	/**
	 * Signals that the JVM obeys by itself.
	 */
	private static final List<String> OF_THE_JVM = List.of("QUIT");

	private static final Set<String> PACKAGES = Set.of(Cluster.class.getPackageName(),
			ClusterEvent.class.getPackageName(), ClusterMessage.class.getPackageName());

	private static final List<Class<?>> API = new ClassFileImporter()
		.withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
		.importPackages(Cluster.class.getPackageName())
		.stream()
		.filter((type) -> PACKAGES.contains(type.getPackageName()))
		.filter((type) -> type.getModifiers().contains(JavaModifier.PUBLIC) && type.isTopLevelClass())
		.<Class<?>>map(JavaClass::reflect)
		.toList();

	private final ReferenceDocument document = ReferenceDocument.read();

	@Test
	void everyPropertyIsThereWithItsDefaultAndMeaning() throws Exception {
		Map<String, String> expected = new TreeMap<>();
		List<String> maps = new ArrayList<>();
		for (JsonNode property : metadata().get("properties")) {
			String name = property.get("name").asString();
			String type = property.path("type").asString("");
			expected.put(name, "| `%s` | %s | %s |".formatted(name, defaultValue(property.get("defaultValue")),
					property.path("description").asString("")));
			if (type.startsWith(Map.class.getName())) {
				maps.add(name);
			}
		}
		// What lies below a name that is free to choose is not in the metadata
		this.document.section("Properties")
			.stream()
			.flatMap((row) -> row.names().stream())
			.filter((name) -> maps.stream().anyMatch((map) -> name.startsWith(map + ".<")))
			.forEach((name) -> expected.putIfAbsent(name, "| `%s` |".formatted(name)));
		assertThat(this.document.differences("Properties", expected, true)).isEmpty();
	}

	@Test
	void everyValueOfAPropertyWithFewIsNamed() throws Exception {
		List<String> missing = new ArrayList<>();
		for (JsonNode property : metadata().get("properties")) {
			Class<?> type = type(property.path("type").asString(""));
			if (type.isEnum()) {
				Row row = row("Properties", property.get("name").asString());
				constants(type).filter((value) -> !row.names(value))
					.forEach((value) -> missing.add("\nName `%s` in\n%s".formatted(value, row)));
			}
		}
		assertThat(missing).isEmpty();
	}

	@Test
	void everyEventIsThereWithWhatItCarries() {
		Map<String, String> expected = new TreeMap<>();
		List<String> missing = new ArrayList<>();
		for (Class<?> type : API) {
			if (ApplicationEvent.class.isAssignableFrom(type) && !Modifier.isAbstract(type.getModifiers())) {
				List<String> getters = getters(type);
				expected.put(type.getSimpleName(), "| `%s` | | %s |".formatted(type.getSimpleName(),
						getters.stream().map("`%s`"::formatted).collect(Collectors.joining(", "))));
				this.document.section("Events")
					.stream()
					.filter((row) -> row.names().contains(type.getSimpleName()))
					.forEach((row) -> getters.stream()
						.filter((getter) -> !row.names(getter))
						.forEach((getter) -> missing.add("\nName `%s` in\n%s".formatted(getter, row))));
			}
		}
		missing.addAll(this.document.differences("Events", expected, false));
		assertThat(missing).isEmpty();
	}

	private static List<String> getters(Class<?> type) {
		return Arrays.stream(type.getMethods())
			.filter((method) -> PACKAGES.contains(method.getDeclaringClass().getPackageName()))
			.filter((method) -> method.getParameterCount() == 0 && !Modifier.isStatic(method.getModifiers()))
			.filter((method) -> !method.getName().equals("toString"))
			.map((method) -> method.getName() + "()")
			.sorted()
			.toList();
	}

	@Test
	void everyMethodOfTheClusterIsThere() {
		Map<String, String> expected = new TreeMap<>();
		for (Method method : Cluster.class.getMethods()) {
			String signature = "%s(%s)".formatted(method.getName(),
					Arrays.stream(method.getParameterTypes())
						.map(Class::getSimpleName)
						.collect(Collectors.joining(", ")));
			expected.put(signature, "| `%s` | |".formatted(signature));
		}
		assertThat(this.document.differences("Cluster", expected, false)).isEmpty();
	}

	@Test
	void everyTypeOfTheApiIsThere() {
		Map<String, String> expected = new TreeMap<>();
		API.stream()
			.filter((type) -> type != Cluster.class && !ApplicationEvent.class.isAssignableFrom(type))
			.forEach((type) -> expected.put(type.getSimpleName(), "| `%s` | |".formatted(type.getSimpleName())));
		assertThat(this.document.differences("Types", expected, false)).isEmpty();
	}

	@Test
	void everyConstantOfTheApiIsNamed() {
		List<String> missing = new ArrayList<>();
		for (Class<?> type : API) {
			if (type.isEnum()) {
				Row row = row("Types", type.getSimpleName());
				Arrays.stream(type.getEnumConstants())
					.map((constant) -> ((Enum<?>) constant).name())
					.filter((name) -> !row.names(name))
					.forEach((name) -> missing.add("\nName `%s` in\n%s".formatted(name, row)));
			}
		}
		assertThat(missing).isEmpty();
	}

	@Test
	void everyOperationOfTheEndpointIsThere() {
		List<String> templates = new ArrayList<>();
		for (Method method : ClusterEndpoint.class.getMethods()) {
			METHODS.forEach((type, verb) -> {
				if (method.isAnnotationPresent(type)) {
					templates.add(verb + " " + ENDPOINT
							+ Arrays.stream(method.getParameters())
								.filter((parameter) -> parameter.isAnnotationPresent(Selector.class))
								.map((parameter) -> "/{" + parameter.getName() + "}")
								.collect(Collectors.joining()));
				}
			});
		}
		List<String> rows = this.document.section("Endpoint")
			.stream()
			.flatMap((row) -> row.names().stream())
			.map((request) -> request.replaceFirst("\\?.*", ""))
			.toList();
		assertThat(templates).isNotEmpty()
			.allSatisfy((template) -> assertThat(rows).as("In 'Endpoint', add `%s`", template)
				.anyMatch((row) -> row.matches(pattern(template))));
		assertThat(rows).isNotEmpty()
			.allSatisfy((row) -> assertThat(templates).as("In 'Endpoint', delete `%s`", row)
				.anyMatch((template) -> row.matches(pattern(template))));
	}

	private static String pattern(String template) {
		return template.replaceAll("\\{\\w+}", "[^/]+");
	}

	@Test
	void everyNameOfAnOperationIsThere() {
		// The answer to an unknown one names those that there are
		String sentence = String.valueOf(Objects
			.requireNonNull(new ClusterEndpoint(new FakeCluster()).operate("?").block(Duration.ofSeconds(10)))
			.getBody());
		Map<String, String> expected = new TreeMap<>();
		Matcher matcher = Pattern.compile("'(\\w+)'").matcher(sentence);
		while (matcher.find()) {
			expected.put(matcher.group(1), "POST " + ENDPOINT + "/" + matcher.group(1));
		}
		assertThat(expected).as(sentence).isNotEmpty();
		assertThat(this.document.section("Endpoint")
			.stream()
			.flatMap((row) -> row.names().stream())
			.filter((request) -> request.matches("POST " + ENDPOINT + "/\\w+"))
			.toList()).as("requests in 'Endpoint'").containsExactlyInAnyOrderElementsOf(expected.values());
	}

	@Test
	void everyMeterIsThereWithItsTagsAndMeaning() {
		SimpleMeterRegistry registry = new SimpleMeterRegistry();
		new MasterMeters(new FakeCluster()).bindTo(registry);
		Map<String, String> expected = new TreeMap<>();
		List<String> missing = new ArrayList<>();
		for (Meter meter : registry.getMeters()) {
			Meter.Id id = meter.getId();
			String tags = id.getTags()
				.stream()
				.map(Tag::getKey)
				.filter((key) -> !key.equals(MasterMeters.PROCESS))
				.map("`%s`"::formatted)
				.collect(Collectors.joining(", "));
			expected.put(id.getName(), "| `%s` | %s | %s | %s |".formatted(id.getName(),
					id.getType().name().toLowerCase(Locale.ROOT), tags.isEmpty() ? "–" : tags, id.getDescription()));
			this.document.section("Metrics")
				.stream()
				.filter((row) -> row.names().contains(id.getName()) && id.getTag("worker") == null)
				.forEach((row) -> id.getTags()
					.stream()
					.filter((tag) -> !tag.getKey().equals(MasterMeters.PROCESS) && !row.names(tag.getValue()))
					.forEach((tag) -> missing.add("\nName `%s` in\n%s".formatted(tag.getValue(), row))));
		}
		missing.addAll(this.document.differences("Metrics", expected, true));
		assertThat(missing).isEmpty();
	}

	@Test
	void everySignalIsThere() throws Exception {
		String source = Files
			.readString(Path.of("src/main/java/io/github/bootcluster/master/supervise/MasterSignals.java"));
		Map<String, String> expected = new LinkedHashMap<>();
		Matcher matcher = Pattern.compile("handle\\(\"([A-Z0-9]+)\"").matcher(source);
		while (matcher.find()) {
			expected.put(matcher.group(1), "| `%s` | |".formatted(matcher.group(1)));
		}
		assertThat(expected).containsKey("TERM");
		OF_THE_JVM.forEach((signal) -> expected.put(signal, "| `%s` | |".formatted(signal)));
		assertThat(this.document.differences("Signals", expected, false)).isEmpty();
	}

	@Test
	void everyEnvironmentVariableIsThere() {
		Map<String, String> expected = new TreeMap<>();
		new WorkerIdentity(1, ClusterWorker.DEFAULT_GROUP, 1, 1, Path.of("control")).toEnvironment()
			.keySet()
			.forEach((name) -> expected.put(name, "| `%s` | |".formatted(name)));
		assertThat(this.document.differences("Environment variables", expected, false)).isEmpty();
	}

	@Test
	void everyRowSaysSomething() {
		Stream.of("Properties", "Cluster", "Types", "Events", "Endpoint", "Signals", "Environment variables", "Metrics")
			.forEach((heading) -> assertThat(this.document.section(heading)).as(heading)
				.isNotEmpty()
				.allSatisfy((row) -> assertThat(row.cell(1)).as(row.toString()).isNotBlank()));
	}

	private Row row(String heading, String name) {
		return this.document.section(heading)
			.stream()
			.filter((row) -> row.names().contains(name))
			.findFirst()
			.orElseThrow(() -> new AssertionError("In '%s', add\n| `%s` |".formatted(heading, name)));
	}

	private static JsonNode metadata() throws Exception {
		Path classes = Path.of(ClusterProperties.class.getProtectionDomain().getCodeSource().getLocation().toURI());
		try (InputStream input = Files.newInputStream(classes.resolve("META-INF/spring-configuration-metadata.json"))) {
			return JsonMapper.shared().readTree(input);
		}
	}

	private static String defaultValue(@Nullable JsonNode value) {
		if (value == null || value.isNull()) {
			return "–";
		}
		if (value.isArray()) {
			List<String> values = new ArrayList<>();
			value.forEach((element) -> values.add(element.asString()));
			return "`" + String.join(",", values) + "`";
		}
		return "`" + value.asString() + "`";
	}

	private static Class<?> type(String name) {
		try {
			return Class.forName(name);
		}
		catch (ClassNotFoundException ex) {
			// It has type parameters
			return Object.class;
		}
	}

	private static Stream<String> constants(Class<?> type) {
		return Arrays.stream(type.getEnumConstants())
			.map((constant) -> ((Enum<?>) constant).name().toLowerCase(Locale.ROOT).replace('_', '-'));
	}

}
