package io.github.bootcluster.process;

import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.jar.Attributes;
import java.util.stream.Stream;
import java.util.zip.ZipFile;

import io.github.bootcluster.file.FileTree;

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

	private static final long TIMEOUT_SECONDS = 60;

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
		Path output = Files.createTempFile(folder.getParent(), ".", ".log");
		try {
			ProcessBuilder builder = new ProcessBuilder(
					List.of(java, "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Djarmode=tools", "-jar",
							jar.toString(), "extract", "--force", "--destination", folder.toString()))
				.redirectErrorStream(true)
				.redirectOutput(Redirect.to(output.toFile()));
			JvmEnvironment.clean(builder.environment());
			Process process = builder.start();
			try {
				process.getOutputStream().close();
				if (!process.waitFor(TIMEOUT_SECONDS, TimeUnit.SECONDS)) {
					throw new IOException("its tools did not extract it within %d s".formatted(TIMEOUT_SECONDS));
				}
			}
			finally {
				// Nobody else would end it, and it must write nothing more
				process.destroyForcibly().onExit().join();
			}
			if (process.exitValue() != 0) {
				throw new IOException("its tools did not extract it (exit code %d): %s".formatted(process.exitValue(),
						Files.readString(output, StandardCharsets.UTF_8).strip()));
			}
			return touch(folder, FileTime.from(modified));
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new IOException("the attempt was interrupted", ex);
		}
		finally {
			FileTree.delete(output);
		}
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
