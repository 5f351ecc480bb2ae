package io.github.bootcluster.autoconfigure.role;

import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Pattern;

import io.github.bootcluster.ClusterWorker;
import io.github.bootcluster.wire.WorkerIdentity;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.logging.LogFile;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.util.StringUtils;

/**
 * Gives each process a log file of its own: several that roll one file over rename and
 * delete what the others write. The process stands in the name, as in {@code app-2.log}
 * and {@code app-master.log}, unless the application has seen to that itself.
 */
final class ProcessLogFile {

	/**
	 * Names of files that have been rolled over.
	 */
	private static final List<String> PATTERNS = List.of("logging.logback.rollingpolicy.file-name-pattern",
			"logging.log4j2.rollingpolicy.file-name-pattern");

	/**
	 * Part of a pattern that may hold anything, such as a date.
	 */
	private static final Pattern CONVERSION = Pattern.compile("\\{[^}]*}");

	/**
	 * What leads to the file of the process by itself.
	 */
	private static final String LOG_FILE = "LOG_FILE";

	private static final String PLACEHOLDER = "${cluster.worker.";

	private static final String MASTER = "master";

	/**
	 * Default of Spring Boot where only the folder is configured.
	 */
	private static final String DEFAULT_NAME = "spring.log";

	private ProcessLogFile() {
	}

	/**
	 * Returns the properties of a worker's log file.
	 * @return none if no log file is configured
	 */
	static Map<String, Object> ofWorker(ConfigurableEnvironment environment, WorkerIdentity identity) {
		String slot = Integer.toString(identity.slot());
		return properties(environment,
				identity.group().equals(ClusterWorker.DEFAULT_GROUP) ? slot : identity.group() + "-" + slot);
	}

	/**
	 * Returns the properties of the master's log file.
	 * @return none if no log file is configured
	 */
	static Map<String, Object> ofMaster(ConfigurableEnvironment environment) {
		return properties(environment, MASTER);
	}

	private static Map<String, Object> properties(ConfigurableEnvironment environment, String process) {
		Map<String, Object> properties = new HashMap<>();
		String file = file(environment);
		if (file != null && !isSpecial(file)) {
			int name = nameOf(file);
			int dot = file.lastIndexOf('.');
			put(properties, environment, LogFile.FILE_NAME_PROPERTY, file, (dot > name) ? dot : file.length(), process);
		}
		for (String property : PATTERNS) {
			String pattern = value(environment, property);
			if (StringUtils.hasText(pattern) && !pattern.contains(LOG_FILE)) {
				String plain = CONVERSION.matcher(pattern)
					.replaceAll((conversion) -> "x".repeat(conversion.group().length()));
				int name = nameOf(plain);
				int dot = plain.indexOf('.', name);
				put(properties, environment, property, pattern, (dot > name) ? dot : pattern.length(), process);
			}
		}
		return properties;
	}

	private static @Nullable String file(ConfigurableEnvironment environment) {
		String name = value(environment, LogFile.FILE_NAME_PROPERTY);
		if (StringUtils.hasText(name)) {
			return name;
		}
		String path = value(environment, LogFile.FILE_PATH_PROPERTY);
		return StringUtils.hasText(path) ? Path.of(path, DEFAULT_NAME).toString() : null;
	}

	/**
	 * Returns a value, with placeholders that only the logging system knows.
	 */
	private static String value(ConfigurableEnvironment environment, String property) {
		return environment.resolvePlaceholders(raw(environment, property));
	}

	/**
	 * Returns a value with all its placeholders.
	 */
	private static String raw(ConfigurableEnvironment environment, String property) {
		return environment.getPropertySources()
			.stream()
			.map((source) -> source.getProperty(property))
			.filter(Objects::nonNull)
			.findFirst()
			.map(Object::toString)
			.orElse("");
	}

	/**
	 * Inserts a process into a value, unless the application names it there itself.
	 */
	private static void put(Map<String, Object> properties, ConfigurableEnvironment environment, String property,
			String value, int at, String process) {
		String before = value.substring(0, at);
		boolean named = before.matches("(.*[^a-zA-Z0-9])?" + Pattern.quote(process));
		if (!named && !raw(environment, property).contains(PLACEHOLDER)) {
			properties.put(property, before + "-" + process + value.substring(at));
		}
	}

	/**
	 * Tells whether a file is a pipe or a device, which nobody rolls over.
	 */
	private static boolean isSpecial(String file) {
		try {
			Path path = Path.of(file);
			return Files.exists(path) && !Files.isRegularFile(path);
		}
		catch (InvalidPathException ex) {
			return true;
		}
	}

	private static int nameOf(String file) {
		return file.lastIndexOf('/') + 1;
	}

}
