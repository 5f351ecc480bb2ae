package io.github.bootcluster.sample;

import java.io.File;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * An application among the tests. It runs with the extracted sample and its archive or,
 * if it uses an optional library, from the class path of the tests. Libraries that change
 * an application by being there are on that only where the application uses them.
 */
final class TestApplication {

	private TestApplication() {
	}

	/**
	 * Returns the target of a process that runs an application.
	 * @param application the class with the main method
	 * @param libraries the optional libraries that the application uses
	 * @return arguments for {@link ClusterProcessBuilder#target(String...)}
	 */
	static String[] target(Class<?> application, Library... libraries) {
		if (libraries.length == 0) {
			return ExtractedSample.target(classes(), application).toArray(String[]::new);
		}
		return new String[] { "-cp", classPath(libraries), application.getName() };
	}

	private static Path classes() {
		try {
			return Path.of(TestApplication.class.getProtectionDomain().getCodeSource().getLocation().toURI());
		}
		catch (URISyntaxException ex) {
			throw new IllegalStateException(ex);
		}
	}

	/**
	 * Returns the class path of the tests.
	 * @param libraries the optional libraries that stay on it
	 * @return the class path
	 */
	static String classPath(Library... libraries) {
		Set<Library> left = EnumSet.allOf(Library.class);
		left.removeAll(List.of(libraries));
		return Stream.of(System.getProperty("java.class.path").split(File.pathSeparator))
			.filter((element) -> left.stream().noneMatch((library) -> library.contains(element)))
			.collect(Collectors.joining(File.pathSeparator));
	}

	/**
	 * Optional library, with what it needs that nothing else does.
	 */
	enum Library {

		SECURITY("spring-security-", "spring-boot-security", "spring-boot-starter-security"),

		BATCH("spring-batch-", "spring-boot-batch", "spring-boot-starter-batch"),

		GRPC("grpc-"),

		DEVTOOLS("spring-boot-devtools"),

		TCNATIVE("netty-tcnative-");

		private final List<String> prefixes;

		Library(String... prefixes) {
			this.prefixes = Arrays.asList(prefixes);
		}

		private boolean contains(String element) {
			String name = new File(element).getName();
			return this.prefixes.stream().anyMatch(name::startsWith);
		}

	}

}
