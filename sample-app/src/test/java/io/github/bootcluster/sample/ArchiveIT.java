package io.github.bootcluster.sample;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Promises on the archive of classes that workers start from.
 */
class ArchiveIT {

	private static final String USED = "-XX:SharedArchiveFile=";

	/**
	 * From Java 25 on.
	 */
	private static final String USED_CACHE = "-XX:AOTCache=";

	@TempDir
	private Path folder;

	@Test
	void workersStartFromWhatAnEarlierOneHasLoaded() throws Exception {
		String own = USED + this.folder.resolve("own.jsa");
		try (ClusterProcess process = builder("archive").jvmArgs(own).startReady()) {
			process.awaitLine("WARN .* Workers do not inherit \\[%s\\]".formatted(own));
			assertThat(process.workers()).noneMatch(ArchiveIT::usesArchive);
			Set<Long> first = process.workers();
			assertThat(process.restartAndAwait().status()).isEqualTo(200);
			process.awaitReplaced(first);
			process.await("archive", () -> archives().size() == 1);
			Set<Long> second = process.workers();
			second.forEach(process::killHard);
			process.awaitReplaced(second);
			assertThat(process.workers()).allMatch(ArchiveIT::usesArchive).allMatch(this::hasMapped);
		}
		assertThat(archives()).hasSize(1);
	}

	/**
	 * With an application that is extracted already.
	 */
	@Test
	void trainingRunLeavesAnArchiveForTheNextMasterAndADamagedOneCostsNothingButTime() throws Exception {
		try (ClusterProcess training = extracted("archive-training").workers(1)
			.args("--cluster.archive.training-run=true")
			.start()) {
			assertThat(training.exitCode()).isZero();
			training.awaitLine("Archive of classes is ready in '\\S+'");
		}
		Path archive = archives().get(0);
		try (ClusterProcess process = extracted("archive-trained").startReady()) {
			assertThat(process.workers()).allMatch(ArchiveIT::usesArchive).allMatch(this::hasMapped);
		}
		assertThat(archives()).containsExactly(archive);
		assertThat(archive.toFile().setWritable(true)).isTrue();
		Files.writeString(archive, "no archive");
		try (ClusterProcess process = extracted("archive-damaged").workers(1).startReady()) {
			process.awaitLine("Deleted archive '%s': it is damaged".formatted(archive));
			assertThat(process.get("/").status()).isEqualTo(200);
		}
	}

	@Test
	void workersOfANewerJavaStartFromAnAotCacheThatTheMasterFinishesBeforeItEnds() throws Exception {
		Path java = InstalledJdks.launcher(25, Integer.MAX_VALUE).orElse(null);
		Assumptions.assumeTrue(java != null, "No JDK 25 is installed");
		try (ClusterProcess process = extracted("archive-aot").workers(1).java(java).startReady()) {
			assertThat(process.workers()).noneMatch(ArchiveIT::usesArchive);
			process.signal("TERM");
			assertThat(process.exitCode()).isZero();
			process.awaitLine("Waiting up to 15 s for the AOT cache to be written");
		}
		assertThat(archives()).singleElement().asString().endsWith(".aot");
		assertThat(drafts()).isEmpty();
		try (ClusterProcess process = extracted("archive-aot-used").java(java).startReady()) {
			assertThat(process.workers()).allMatch(ArchiveIT::usesArchive).allMatch(this::hasMapped);
			assertThat(process.output().linesMatching(" (WARN|ERROR) |\\[aot\\]")).isEmpty();
		}
	}

	@Test
	void trainingRunThatLeavesNoArchiveFails() throws Exception {
		try (ClusterProcess training = builder("archive-untrained").workers(1)
			.target(ExtractedSample.target().toArray(String[]::new))
			.args("--cluster.archive.training-run=true")
			.start()) {
			assertThat(training.exitCode()).isOne();
			training.awaitLine("ERROR .* The training run has left no archive of classes: ");
		}
	}

	@Test
	void folderThatIsNoneCostsNothingButTime() throws Exception {
		Path file = Files.createFile(this.folder.resolve("file"));
		try (ClusterProcess process = builder("archive-nowhere").workers(1)
			.args("--cluster.archive.directory=" + file)
			.startReady()) {
			process.awaitLine("INFO .* Workers start without an archive of classes: "
					+ "'%s' \\(cluster.archive.directory\\) cannot be used: ".formatted(file));
			assertThat(process.get("/").status()).isEqualTo(200);
		}
	}

	private ClusterProcessBuilder builder(String name) {
		return ClusterProcess.named(name)
			.workers(2)
			.target("-jar", System.getProperty("sample.jar"))
			.env("CLUSTER_ARCHIVE_DIRECTORY", this.folder.resolve("archives").toString());
	}

	private ClusterProcessBuilder extracted(String name) {
		return builder(name).target("-jar", ExtractedSample.jar().toString());
	}

	private List<Path> archives() throws IOException {
		try (Stream<Path> files = Files.walk(this.folder.resolve("archives"))) {
			return files.filter((file) -> file.getFileName().toString().matches("[^.].*\\.(jsa|aot)")).toList();
		}
	}

	private List<Path> drafts() throws IOException {
		try (Stream<Path> files = Files.walk(this.folder.resolve("archives"))) {
			return files.filter((file) -> file.getFileName().toString().startsWith(".")).toList();
		}
	}

	private static boolean usesArchive(long worker) {
		String command = ProcessHandle.of(worker).flatMap((handle) -> handle.info().commandLine()).orElse("");
		return command.contains(USED) || command.contains(USED_CACHE);
	}

	/**
	 * Tells whether a JVM has accepted the archive.
	 */
	private boolean hasMapped(long worker) {
		try {
			return Files.readString(Path.of("/proc", Long.toString(worker), "maps"))
				.contains(this.folder.resolve("archives").toString());
		}
		catch (IOException ex) {
			return false;
		}
	}

}
