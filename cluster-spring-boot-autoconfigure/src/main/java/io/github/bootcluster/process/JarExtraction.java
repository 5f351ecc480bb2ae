package io.github.bootcluster.process;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.jar.Attributes;
import java.util.stream.Stream;
import java.util.zip.ZipFile;

/**
 * Takes an executable JAR of Spring Boot apart, by the JAR's own tools: into one of the
 * application's classes and the libraries beside it, which the JVM reads by itself.
 * Archives hold classes of such JARs alone.
 *
 * @see <a href="https://docs.spring.io/spring-boot/reference/packaging/efficient.html">
 * Efficient Deployments</a>
 */
final class JarExtraction {

	/**
	 * The launcher that adds nothing to what is in the JAR.
	 */
	private static final String LAUNCHER = "org.springframework.boot.loader.launch.JarLauncher";

	private static final String TOOLS = "BOOT-INF/lib/spring-boot-jarmode-tools-";

	private JarExtraction() {
	}

	/**
	 * Tells whether a JAR can be taken apart.
	 */
	static boolean isPossible(Path jar) throws IOException {
		if (!LAUNCHER.equals(JarCheck.manifest(jar).getValue(Attributes.Name.MAIN_CLASS))) {
			return false;
		}
		try (ZipFile zip = new ZipFile(jar.toFile())) {
			return zip.stream().anyMatch((entry) -> entry.getName().startsWith(TOOLS));
		}
	}

	/**
	 * Takes a JAR apart.
	 * @param folder where to, an empty folder
	 * @param modified when the JAR was written to last: web servers tell clients this
	 * time of what lies in it, and clients ask whether there is something newer
	 * @return the JAR to run
	 * @throws IOException if that fails
	 */
	static Path extract(String java, Path jar, Path folder, Instant modified) throws IOException {
		JvmTool.run("its tools", List.of(java, "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Djarmode=tools", "-jar",
				jar.toString(), "extract", "--force", "--destination", folder.toString()), Map.of(), folder);
		return touch(folder, FileTime.from(modified));
	}

	private static Path touch(Path folder, FileTime modified) throws IOException {
		Path jar = null;
		try (Stream<Path> all = Files.walk(folder)) {
			for (Path file : (Iterable<Path>) all.filter(Files::isRegularFile)::iterator) {
				Files.setLastModifiedTime(file, modified);
				if (folder.equals(file.getParent())) {
					jar = file;
				}
			}
		}
		if (jar == null) {
			throw new IOException("its tools left no JAR in '%s'".formatted(folder));
		}
		return jar;
	}

}
