package io.github.bootcluster.sample;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;

import io.github.bootcluster.apps.settings.SettingsApplication;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Promises on settings that change while the cluster runs, and on an application that
 * takes its time to stop.
 */
class NewSettingsIT {

	@TempDir
	private Path folder;

	@Test
	void restartTakesNewSettingsAndABeanMayStopForLongerThanTheDrain() throws Exception {
		Path file = this.folder.resolve("application.properties");
		Files.writeString(file, "cluster.workers=1\ncluster.drain.timeout=30s\n");
		try (ClusterProcess process = ClusterProcess.named("new-settings")
			.workersConfiguredElsewhere(1)
			.target(TestApplication.target(SettingsApplication.class))
			.args("--spring.config.additional-location=file:" + this.folder + "/")
			.startReady()) {
			assertThat(process.get("/setting?name=colour").text()).isEqualTo("none");
			refuse(process, file);
			Files.writeString(file, """
					cluster.workers=2
					cluster.drain.timeout=1s
					cluster.worker.jvm-args=-Dcolour=green
					cluster.pid-file=%s
					settings.stopping=8s
					""".formatted(this.folder.resolve("new.pid")));
			JsonNode answer = JsonMapper.shared().readTree(process.restartAndAwait().text());
			assertThat(answer.get("state").asString()).isEqualTo("COMPLETED");
			assertThat(answer.get("pendingSettings")).singleElement()
				.hasToString("{\"property\":\"cluster.pid-file\",\"from\":\"\",\"to\":\"%s\"}"
					.formatted(this.folder.resolve("new.pid")));
			process.awaitLine("WARN .*cluster\\.pid-file changed from '' to '.*'; restart the master to apply it");
			Set<Long> now = process.awaitReady(2);
			assertThat(process.get("/setting?name=colour").text()).isEqualTo("green");
			process.signal("TERM");
			assertThat(process.exitCode()).isZero();
			assertThat(process.output().linesMatching("All that was held is written")).as("by %s", now)
				.hasSizeGreaterThanOrEqualTo(3);
		}
	}

	private static void refuse(ClusterProcess process, Path file) throws Exception {
		String before = Files.readString(file);
		Files.writeString(file, "cluster.workers=1\ncluster.drain.timeout=-5s\n");
		JsonNode answer = JsonMapper.shared().readTree(process.restartAndAwait().text());
		assertThat(answer.get("state").asString()).isEqualTo("ABORTED");
		assertThat(answer.get("reason").asString()).contains("cluster.drain.timeout").contains("-5s");
		Files.writeString(file, before);
	}

}
