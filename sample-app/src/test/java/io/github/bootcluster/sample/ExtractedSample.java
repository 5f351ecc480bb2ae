package io.github.bootcluster.sample;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.zip.CRC32;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The sample's boot JAR as Spring Boot's own tool extracts it, with an archive of its
 * classes: so it takes half as long to start, and that is what the tests run that are not
 * about the JAR itself.
 */
final class ExtractedSample {

	private static final Path FOLDER = Path.of("target", "it-extracted").toAbsolutePath();

	private static final Path ORIGIN = Path.of(System.getProperty("sample.jar", "target/sample-app.jar"));

	private static final Path JAR = FOLDER.resolve(ORIGIN.getFileName());

	private static final Path ARCHIVE = FOLDER.resolve("sample.jsa");

	private static final String USE_ARCHIVE = "-XX:SharedArchiveFile=" + ARCHIVE;

	private static final Path CHECKSUM = FOLDER.resolve("checksum");

	private static final List<String> TARGET = List.of("-cp", JAR.toString(), SampleApplication.class.getName());

	private static boolean made;

	private ExtractedSample() {
	}

	/**
	 * Returns what to run. The first that asks in a build makes it, whichever process
	 * that is.
	 * @return arguments of a JVM, the last of which is the main class
	 */
	static List<String> target() {
		make();
		List<String> target = new ArrayList<>(List.of(USE_ARCHIVE));
		target.addAll(TARGET);
		return target;
	}

	/**
	 * Returns what to run for an application among the tests, which uses no library but
	 * those of the sample. Folders at the end of the class path leave the archive valid.
	 * @param classes the folder with the application's classes
	 * @param application the main class
	 * @return arguments of a JVM, the last of which is the main class
	 */
	static List<String> target(Path classes, Class<?> application) {
		make();
		return List.of(USE_ARCHIVE, "-cp", JAR + File.pathSeparator + classes, application.getName());
	}

	/**
	 * Returns the JAR of the application, beside which its libraries lie.
	 * @return the path, for {@code -jar}
	 */
	static Path jar() {
		make();
		return JAR;
	}

	private static synchronized void make() {
		if (made) {
			return;
		}
		try {
			Files.createDirectories(FOLDER);
			try (FileChannel channel = FileChannel.open(FOLDER.resolve("lock"), StandardOpenOption.CREATE,
					StandardOpenOption.WRITE); FileLock lock = channel.lock()) {
				if (!lock.isValid() || isOutdated()) {
					run("-Djarmode=tools", "-jar", ORIGIN.toString(), "extract", "--force", "--destination",
							FOLDER.toString());
					archive(loadedClasses());
					Files.writeString(CHECKSUM, checksum());
				}
			}
			made = true;
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new IllegalStateException(ex);
		}
	}

	private static boolean isOutdated() throws IOException {
		return !Files.exists(ARCHIVE) || !Files.exists(CHECKSUM) || !Files.readString(CHECKSUM).equals(checksum());
	}

	/**
	 * Runs a cluster, as a plain application loads neither what a master nor all that a
	 * worker does.
	 * @return what a master and a worker load, in the format of the JVM
	 */
	private static Set<String> loadedClasses() throws IOException, InterruptedException {
		Path master = FOLDER.resolve("master.classes");
		Path worker = FOLDER.resolve("worker.classes");
		try (ClusterProcess training = ClusterProcess.named("training")
			.workers(1)
			.target(TARGET.toArray(String[]::new))
			.jvmArgs("-XX:DumpLoadedClassList=" + master)
			.args("--cluster.worker.jvm-args=-XX:DumpLoadedClassList=" + worker)
			.startReady()) {
			training.status();
		}
		Set<String> classes = new LinkedHashSet<>(Files.readAllLines(master));
		classes.addAll(Files.readAllLines(worker));
		return classes;
	}

	private static void archive(Set<String> classes) throws IOException, InterruptedException {
		Path list = Files.write(FOLDER.resolve("all.classes"), classes);
		// Only this collector archives objects, which the one of the tests can use
		run("-Xshare:dump", "-XX:+UseG1GC", "-XX:SharedClassListFile=" + list, "-XX:SharedArchiveFile=" + ARCHIVE,
				"-cp", JAR.toString());
	}

	/**
	 * The time of the JAR tells nothing: it is the same in every build.
	 * @return a number that changes with the JAR
	 */
	private static String checksum() throws IOException {
		CRC32 checksum = new CRC32();
		checksum.update(Files.readAllBytes(ORIGIN));
		return Long.toHexString(checksum.getValue());
	}

	private static void run(String... arguments) throws IOException, InterruptedException {
		List<String> command = new ArrayList<>(
				List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString()));
		command.addAll(List.of(arguments));
		Path log = FOLDER.resolve("making.log");
		Process process = new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile()).start();
		assertThat(process.waitFor()).as("%s, see %s", command, log).isZero();
	}

}
