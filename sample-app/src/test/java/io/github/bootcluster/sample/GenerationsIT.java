package io.github.bootcluster.sample;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.util.FileSystemUtils;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Promises on the generations: each runs from its own snapshot, whatever becomes of the
 * JAR, and a new one is tried on one worker first.
 */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class GenerationsIT {

	private static final int WORKERS = 2;

	@TempDir
	private static Path folder;

	private static Path jar;

	private static Path settings;

	private static ClusterProcess process;

	@BeforeAll
	static void start() throws Exception {
		jar = Files.copy(Path.of(System.getProperty("sample.jar")), folder.resolve("app.jar"));
		settings = folder.resolve("application.properties");
		process = ClusterProcess.named("generations")
			.workers(WORKERS)
			.target("-jar", jar.toString())
			// Else workers run from what is laid out beside the copies
			.args("--cluster.archive.enabled=false", "--cluster.restart.soak=4s",
					"--spring.config.additional-location=optional:file:" + folder + "/")
			.startReady();
	}

	@AfterAll
	static void stop() throws Exception {
		if (process != null) {
			process.close();
		}
	}

	@Test
	@Order(1)
	void jarThatIsWrittenOverHarmsNothing() throws Exception {
		Path other = shifted(jar, folder.resolve("other.jar"));
		Set<Long> old = process.awaitReady();
		try (LoadClient client = LoadClient.newConnections(process.port()).pause(MixedLoad.PAUSE).start()) {
			client.awaitMore(20);
			try (OutputStream inPlace = Files.newOutputStream(jar)) {
				Files.copy(other, inPlace);
			}
			client.awaitMore(200);
			LoadReport report = client.stop();
			assertThat(report.count(Outcome.OK)).as(report.toString()).isEqualTo(report.total());
		}
		long victim = old.iterator().next();
		process.killHard(victim);
		Set<Long> now = process.awaitReady();
		assertThat(now).doesNotContain(victim);
		assertThat(now).allSatisfy((pid) -> assertThat(commandLine(pid)).contains("/generations/1/app.jar"));
	}

	@Test
	@Order(2)
	void waitingRequestIsAnsweredWhenTheRestartIsComplete() throws Exception {
		Set<Long> old = process.awaitReady();
		JsonNode answer = json(process.restartAndAwait(), 200);
		assertThat(answer.get("state").asString()).isEqualTo("COMPLETED");
		assertThat(answer.get("replaced").asInt()).isEqualTo(WORKERS);
		Set<Long> now = process.awaitReplaced(old);
		assertThat(now).allSatisfy((pid) -> assertThat(commandLine(pid)).contains("/generations/2/app.jar"));
		process.awaitLine("Worker \\d+ .* is the canary and is observed for 4 s");
	}

	@Test
	@Order(3)
	void generationThatIsNotHealthyIsTakenBack() throws Exception {
		Files.writeString(settings, "sample.unhealthy=true\n");
		Set<Long> old = process.awaitReady();
		try (LoadClient client = LoadClient.newConnections(process.port()).pause(MixedLoad.PAUSE).start()) {
			JsonNode answer = json(process.restartAndAwait(), 500);
			assertThat(answer.get("state").asString()).isEqualTo("ABORTED");
			assertThat(answer.get("reason").asString()).matches("worker \\d+ is not healthy: sample: DOWN");
			assertThat(answer.get("lastLines").toString()).contains("This application is down");
			process.await("no worker but the old ones", () -> process.workers().equals(old));
			LoadReport report = client.stop();
			assertThat(report.count(Outcome.OK)).as(report.toString()).isEqualTo(report.total());
		}
		finally {
			Files.delete(settings);
		}
		assertThat(process.status().get("generation").asInt()).isEqualTo(2);
		process.await("snapshots of the master and the workers alone", () -> generations().equals(Set.of("1", "2")));
	}

	@Test
	@Order(4)
	void generationThatAnswersWithErrorsIsTakenBack() throws Exception {
		Files.writeString(settings, "sample.failing=true\n");
		Set<Long> old = process.awaitReady();
		try (LoadClient client = LoadClient.newConnections(process.port()).pause(MixedLoad.PAUSE).start()) {
			JsonNode answer = json(process.restartAndAwait(), 500);
			assertThat(answer.get("state").asString()).isEqualTo("ABORTED");
			assertThat(answer.get("reason").asString())
				.matches("worker \\d+ answered \\d+ of \\d+ requests with errors, the old generation 0 of \\d+");
			process.await("no worker but the old ones", () -> process.workers().equals(old));
			client.awaitMore(20);
			LoadReport report = client.stop();
			assertThat(report.count(Outcome.OK) + report.count(Outcome.BAD_STATUS)).as(report.toString())
				.isEqualTo(report.total());
			assertThat(report.pids()).isEqualTo(old);
		}
		finally {
			Files.delete(settings);
		}
	}

	@Test
	@Order(5)
	void copyThatSomebodyHasDeletedIsMadeAnewForTheNextWorker() throws Exception {
		Set<Long> old = process.awaitReady();
		int mark = process.output().mark();
		Path generations = generationsFolder();
		FileSystemUtils.deleteRecursively(generations.resolve("2"));
		long victim = old.iterator().next();
		process.killHard(victim);
		process.awaitLine(mark,
				"Cannot fork worker-\\d: the copy '\\S+/2/app.jar' .* was deleted and is being copied again");
		process.awaitLine(mark, "WARN .* The copy '\\S+/2/app.jar' of the application was deleted");
		Set<Long> now = process.awaitReady();
		assertThat(now).hasSize(WORKERS).doesNotContain(victim);
		assertThat(now).allSatisfy((pid) -> assertThat(commandLine(pid)).contains("/generations/2/app.jar"));
	}

	@Test
	@Order(6)
	void folderIsLockedAgainstCleanersOfTemporaryFiles() throws Exception {
		ProcessBuilder cleaner = new ProcessBuilder("flock", "--exclusive", "--nonblock", "--conflict-exit-code", "77",
				generationsFolder().resolve("..").normalize().toString(), "true");
		Assumptions.assumeTrue(Stream.of(System.getenv("PATH").split(":"))
			.anyMatch((folder) -> Files.isExecutable(Path.of(folder, "flock"))), "There is no flock");
		process.awaitReady();
		assertThat(cleaner.inheritIO().start().waitFor()).isEqualTo(77);
	}

	@Test
	@Order(7)
	void lastWorkerOfAKilledMasterDeletesTheSnapshots() throws Exception {
		process.awaitReady();
		process.killHard(process.pid());
		assertThat(process.awaitNoProcess(Duration.ofSeconds(40))).isTrue();
		assertThat(process.leftovers()).isEmpty();
	}

	private static Path generationsFolder() throws IOException {
		return process.leftovers().stream().filter((path) -> path.endsWith("generations")).findFirst().orElseThrow();
	}

	private static Set<String> generations() throws IOException {
		try (Stream<Path> children = Files.list(generationsFolder())) {
			return new TreeSet<>(children.map((child) -> child.getFileName().toString()).toList());
		}
	}

	private static String commandLine(long pid) {
		try {
			return String.join(" ", ProcessProbe.commandLine(pid));
		}
		catch (IOException ex) {
			return ex.toString();
		}
	}

	/**
	 * Makes a JAR of the same content in which nothing lies where it was.
	 * @param jar the JAR
	 * @param target the file to write
	 * @return the file
	 */
	private static Path shifted(Path jar, Path target) throws IOException {
		try (ZipFile zip = new ZipFile(jar.toFile());
				ZipOutputStream output = new ZipOutputStream(Files.newOutputStream(target))) {
			byte[] ballast = new byte[1_000_003];
			new Random(1).nextBytes(ballast);
			put(output, new ZipEntry("BOOT-INF/classes/ballast"), ballast);
			List<? extends ZipEntry> entries = zip.stream().toList();
			for (ZipEntry entry : entries) {
				try (InputStream content = zip.getInputStream(entry)) {
					ZipEntry copy = new ZipEntry(entry.getName());
					copy.setMethod(entry.getMethod());
					put(output, copy, content.readAllBytes());
				}
			}
		}
		return target;
	}

	private static void put(ZipOutputStream output, ZipEntry entry, byte[] content) throws IOException {
		if (entry.getMethod() == ZipEntry.STORED) {
			CRC32 crc = new CRC32();
			crc.update(content);
			entry.setSize(content.length);
			entry.setCrc(crc.getValue());
		}
		output.putNextEntry(entry);
		output.write(content);
	}

	private static JsonNode json(HttpAnswer answer, int status) {
		assertThat(answer.status()).as(answer.text()).isEqualTo(status);
		return JsonMapper.shared().readTree(answer.text());
	}

}
