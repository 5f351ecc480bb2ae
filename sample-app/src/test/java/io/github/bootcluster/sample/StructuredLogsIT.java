package io.github.bootcluster.sample;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Promises on the logs of an application that writes them as JSON, and into a file.
 */
class StructuredLogsIT {

	@TempDir
	private Path folder;

	@Test
	void everyLineIsAnObjectThatTellsItsProcessAndEachProcessHasItsLogFile() throws Exception {
		Path crash = this.folder.resolve("crash.log");
		List<JsonNode> lines;
		try (ClusterProcess process = ClusterProcess.named("structured-logs")
			.workers(2)
			.args("--logging.structured.format.console=ecs", "--logging.file.name=" + this.folder.resolve("app.log"),
					"--logging.logback.rollingpolicy.max-file-size=2KB", "--cluster.respawn.healthy-after=1s",
					"--cluster.worker.jvm-args=-XX:ErrorFile=" + crash + ",-XX:-CreateCoredumpOnCrash")
			.startReady()) {
			Set<Long> old = process.workers();
			// The JVM tells of its end on its standard output
			process.signal("SEGV", old.iterator().next());
			process.awaitLine("A fatal error has been detected");
			process.awaitReplaced(Set.of(old.iterator().next()));
			process.signal("TERM");
			assertThat(process.exitCode()).isZero();
			lines = process.output().linesMatching(".").stream().map(StructuredLogsIT::parse).toList();
		}
		assertThat(lines).anySatisfy((line) -> {
			assertThat(line.get("message").asString()).contains("A fatal error has been detected");
			assertThat(line.at("/cluster/worker/group").asString()).isEqualTo("default");
			assertThat(line.at("/cluster/worker/slot").asString()).isIn("1", "2");
		});
		assertThat(lines)
			.allSatisfy((line) -> assertThat(line.at("/cluster/role").asString()).isIn("master", "worker"));
		assertThat(lines).filteredOn((line) -> line.at("/cluster/role").asString().equals("worker"))
			.isNotEmpty()
			.allSatisfy((line) -> assertThat(line.at("/cluster/worker").propertyNames()).contains("id", "group", "slot",
					"generation"));
		try (Stream<Path> files = Files.list(this.folder)) {
			assertThat(files.map((file) -> file.getFileName().toString()))
				.contains("app-1.log", "app-2.log", "app-master.log")
				.doesNotContain("app.log");
		}
	}

	private static JsonNode parse(String line) {
		JsonNode node = JsonMapper.shared().readTree(line);
		assertThat(node.isObject()).as(line).isTrue();
		return node;
	}

}
