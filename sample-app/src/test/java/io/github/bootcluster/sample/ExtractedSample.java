package io.github.bootcluster.sample;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The sample's boot JAR as Spring Boot's own tool extracts it, which starts a third
 * faster than the JAR itself. It is what the tests run that do not name a JAR.
 */
final class ExtractedSample {

	private static final Path FOLDER = Path.of("target", "it-extracted");

	private static final Path JAR = Path.of(System.getProperty("sample.jar", "target/sample-app.jar"));

	private ExtractedSample() {
	}

	/**
	 * Returns the extracted JAR, beside which lie its libraries. The first that asks in a
	 * build extracts it, whichever process that is.
	 * @return the JAR to run
	 */
	static synchronized Path jar() {
		Path jar = FOLDER.resolve(JAR.getFileName());
		try {
			Files.createDirectories(FOLDER);
			try (FileChannel channel = FileChannel.open(FOLDER.resolve("lock"), StandardOpenOption.CREATE,
					StandardOpenOption.WRITE); FileLock lock = channel.lock()) {
				Path done = FOLDER.resolve("done");
				if (!lock.isValid() || !Files.exists(done)
						|| Files.getLastModifiedTime(done).compareTo(Files.getLastModifiedTime(JAR)) < 0) {
					extract();
					Files.writeString(done, "");
				}
			}
			return jar;
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new IllegalStateException(ex);
		}
	}

	private static void extract() throws IOException, InterruptedException {
		Process extraction = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
				"-Djarmode=tools", "-jar", JAR.toString(), "extract", "--force", "--destination", FOLDER.toString())
			.redirectErrorStream(true)
			.redirectOutput(FOLDER.resolve("extraction.log").toFile())
			.start();
		assertThat(extraction.waitFor()).as("extraction of " + JAR).isZero();
	}

}
