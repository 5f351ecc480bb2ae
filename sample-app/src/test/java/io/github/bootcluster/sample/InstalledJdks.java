package io.github.bootcluster.sample;

import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.stream.Stream;

/**
 * Finds other releases of the JDK: this one itself, what variables such as
 * {@code JAVA_HOME_25_X64} name, and what is installed beside this one.
 */
final class InstalledJdks {

	private InstalledJdks() {
	}

	/**
	 * Finds the launcher of a JDK.
	 * @param oldest the oldest release that will do
	 * @param newest the newest release that will do
	 * @return the launcher, or empty if there is no such JDK
	 */
	static Optional<Path> launcher(int oldest, int newest) {
		return homes().filter((home) -> {
			int release = release(home);
			return release >= oldest && release <= newest;
		}).map((home) -> home.resolve("bin/java")).filter(Files::isExecutable).findFirst();
	}

	private static Stream<Path> homes() {
		Path own = Path.of(System.getProperty("java.home")).toAbsolutePath();
		Stream<Path> named = System.getenv()
			.entrySet()
			.stream()
			.filter((variable) -> variable.getKey().startsWith("JAVA_HOME"))
			.map(Map.Entry::getValue)
			.map(Path::of);
		return Stream.of(Stream.of(own), named, beside(own)).flatMap((homes) -> homes);
	}

	private static Stream<Path> beside(Path home) {
		try (Stream<Path> found = Files.list(home.getParent())) {
			return found.toList().stream().sorted();
		}
		catch (IOException ex) {
			return Stream.empty();
		}
	}

	private static int release(Path home) {
		Properties properties = new Properties();
		try (Reader reader = Files.newBufferedReader(home.resolve("release"))) {
			properties.load(reader);
			return Runtime.Version.parse(properties.getProperty("JAVA_VERSION", "").replace("\"", "")).feature();
		}
		catch (IOException | IllegalArgumentException ex) {
			return 0;
		}
	}

}
