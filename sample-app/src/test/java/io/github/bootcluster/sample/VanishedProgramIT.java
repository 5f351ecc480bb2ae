package io.github.bootcluster.sample;

import java.io.IOException;
import java.nio.file.FileVisitOption;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Set;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Promises on a program that is gone when a worker has to be forked: without its JAR the
 * cluster goes on as before, but refuses restarts; without a JVM it says so, goes on with
 * the workers that it has, and is whole again once the JVM is back.
 */
class VanishedProgramIT {

	private static final Path JAR = Path.of(System.getProperty("sample.jar", "target/sample-app.jar"));

	/**
	 * Parts of a JDK that are large, and that nothing here needs.
	 */
	private static final Set<String> NOT_NEEDED = Set.of("jmods", "src.zip", "demo", "docs", "include", "legal", "man");

	@TempDir
	private Path directory;

	@Test
	void clusterOutlivesTheLossOfItsJarAndOfItsJavaBinary() throws Exception {
		Path jar = Files.copy(JAR, this.directory.resolve("application.jar"));
		Path java = link(Path.of(System.getProperty("java.home")).toRealPath(), this.directory.resolve("jdk"))
			.resolve("bin")
			.resolve("java");
		try (ClusterProcess cluster = ClusterProcess.named("vanished-program")
			.workers(2)
			.java(java)
			.target("-jar", jar.toString())
			.args("--cluster.respawn.initial-delay=200ms", "--cluster.respawn.multiplier=1",
					"--cluster.respawn.max-attempts=1024")
			.startReady()) {
			Files.delete(jar);
			assertRestartIsAborted(cluster, "No snapshot of '%s' can be taken: it does not exist".formatted(jar));
			assertSlotIsFilled(cluster);
			Files.copy(JAR, jar);
			Path away = Files.move(java, java.resolveSibling("java.away"));
			assertSlotIsFilledOnceTheProgramIsBack(cluster, "the Java launcher '%s' does not exist".formatted(java),
					() -> Files.move(away, java));
			assertThat(cluster.output().linesMatching("Exception|\\sat [\\w.$/]+\\(")).isEmpty();
		}
	}

	private static void assertRestartIsAborted(ClusterProcess cluster, String reason) throws Exception {
		Set<Long> workers = cluster.workers();
		int mark = cluster.output().mark();
		cluster.signal("HUP");
		cluster.awaitLine(mark, "ERROR .*Rolling restart \\S+ is aborted: " + reason);
		assertThat(cluster.awaitReady()).isEqualTo(workers);
	}

	private static void assertSlotIsFilledOnceTheProgramIsBack(ClusterProcess cluster, String reason, Repair repair)
			throws Exception {
		Set<Long> workers = cluster.workers();
		long victim = workers.iterator().next();
		String slot = WorkerEnvironment.of(victim).get("CLUSTER_WORKER_SLOT");
		int mark = cluster.output().mark();
		cluster.killHard(victim);
		cluster.awaitLine(mark, "ERROR .*Cannot fork worker-%s: %s$".formatted(slot, reason));
		cluster.awaitLine(mark, "Restarting worker in slot %s in 200 ms".formatted(slot));
		for (int i = 0; i < 10; i++) {
			assertThat(cluster.get("/").pid().getAsLong()).isIn(workers).isNotEqualTo(victim);
		}
		repair.run();
		assertThat(cluster.awaitReady()).hasSize(2).doesNotContain(victim).containsAnyElementsOf(workers);
	}

	private static void assertSlotIsFilled(ClusterProcess cluster) throws Exception {
		Set<Long> workers = cluster.workers();
		long victim = workers.iterator().next();
		cluster.killHard(victim);
		assertThat(cluster.awaitReady()).hasSize(2).doesNotContain(victim).containsAnyElementsOf(workers);
	}

	/**
	 * Makes a JDK that can lose its launcher: a JVM takes for its home where its library
	 * lies, so that symbolic links would not do. Hard links cost nothing; where the file
	 * system does not have them, files are copied.
	 * @param jdk the JDK
	 * @param target where to put the other
	 * @return the other
	 */
	private static Path link(Path jdk, Path target) throws IOException {
		Files.walkFileTree(jdk, Set.of(FileVisitOption.FOLLOW_LINKS), Integer.MAX_VALUE, new SimpleFileVisitor<>() {

			@Override
			public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) throws IOException {
				if (NOT_NEEDED.contains(folder.getFileName().toString())) {
					return FileVisitResult.SKIP_SUBTREE;
				}
				Files.createDirectory(target.resolve(jdk.relativize(folder)));
				return FileVisitResult.CONTINUE;
			}

			@Override
			public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
				Path copy = target.resolve(jdk.relativize(file));
				if (attributes.isRegularFile() && !NOT_NEEDED.contains(file.getFileName().toString())) {
					linkOrCopy(file.toRealPath(), copy);
				}
				return FileVisitResult.CONTINUE;
			}

		});
		return target;
	}

	private static void linkOrCopy(Path file, Path copy) throws IOException {
		try {
			Files.createLink(copy, file);
		}
		catch (IOException | UnsupportedOperationException ex) {
			Files.copy(file, copy, StandardCopyOption.COPY_ATTRIBUTES);
		}
	}

	/**
	 * Brings the program back.
	 */
	private interface Repair {

		void run() throws IOException;

	}

}
