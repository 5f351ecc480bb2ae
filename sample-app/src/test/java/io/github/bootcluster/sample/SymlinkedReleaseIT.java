package io.github.bootcluster.sample;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Set;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.util.FileSystemUtils;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Promises on deploying by symbolic link: {@code current} leads to a release, the
 * application is started there by a relative path, and the next release comes by changing
 * the link.
 */
class SymlinkedReleaseIT {

	private static final int WORKERS = 1;

	@TempDir
	private Path folder;

	@Test
	void restartServesTheReleaseThatTheLinkLeadsToAndOutlivesTheOldOne() throws Exception {
		Path base = this.folder.toRealPath();
		Path first = release(base.resolve("releases/7"));
		Path second = release(base.resolve("releases/8"));
		Path current = Files.createSymbolicLink(base.resolve("current"), first);
		try (ClusterProcess process = ClusterProcess.named("symlinked-release")
			.workers(WORKERS)
			.directory(current)
			.env("PWD", current.toString())
			.target("-jar", "app.jar")
			.startReady()) {
			Path original = first.resolve("app.jar");
			process.awaitLine("Generation 1 is a copy of '%s' \\(%d bytes, written at \\S+Z\\)".formatted(original,
					Files.size(original)));
			assertThat(process.status().at("/generations/0/path").asString()).isEqualTo(original.toString());
			Set<Long> old = process.awaitReady();
			Path next = Files.createSymbolicLink(base.resolve("next"), second);
			Files.move(next, current, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
			JsonNode answer = JsonMapper.shared().readTree(process.restartAndAwait().text());
			assertThat(answer.get("state").asString()).isEqualTo("COMPLETED");
			Set<Long> replaced = process.awaitReplaced(old);
			JsonNode generations = process.status().get("generations");
			JsonNode newest = generations.get(generations.size() - 1);
			assertThat(newest.get("number").asInt()).isEqualTo(2);
			assertThat(newest.get("path").asString()).isEqualTo(second.resolve("app.jar").toString());
			assertThat(newest.get("size").asLong()).isEqualTo(Files.size(second.resolve("app.jar")));
			assertThat(replaced).allSatisfy((pid) -> assertThat(folderOf(pid)).isEqualTo(second.toString()));

			FileSystemUtils.deleteRecursively(first);
			replaced = assertThatKilledWorkerIsReplaced(process, replaced);
			assertThat(replaced).allSatisfy((pid) -> assertThat(folderOf(pid)).isEqualTo(second.toString()));

			FileSystemUtils.deleteRecursively(second);
			int mark = process.output().mark();
			assertThatKilledWorkerIsReplaced(process, replaced);
			process.awaitLine(mark,
					"WARN .*The working directory '%s' is gone: workers are started in '%s'".formatted(second, base));
		}
	}

	private static Set<Long> assertThatKilledWorkerIsReplaced(ClusterProcess process, Set<Long> workers)
			throws InterruptedException {
		long victim = workers.iterator().next();
		process.killHard(victim);
		Set<Long> now = process.awaitReady();
		assertThat(now).hasSize(WORKERS).doesNotContain(victim);
		return now;
	}

	private static String folderOf(long pid) throws Exception {
		return Files.readSymbolicLink(Path.of("/proc", Long.toString(pid), "cwd")).toString();
	}

	private static Path release(Path folder) throws Exception {
		Files.createDirectories(folder);
		Files.copy(Path.of(System.getProperty("sample.jar")), folder.resolve("app.jar"),
				StandardCopyOption.COPY_ATTRIBUTES);
		return folder;
	}

}
