package io.github.bootcluster.sample;

import java.util.Set;

import io.github.bootcluster.apps.talkative.TalkativeApplication;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Promises on an application that is run with DevTools.
 */
class DevToolsIT {

	@Test
	void restartingByDevToolsKeepsTheProcessUnclusteredWithOneWarning() throws Exception {
		try (ClusterProcess process = builder("devtools").workers(0).args("--cluster.workers=2").startReady()) {
			assertThat(process.processes()).isEqualTo(Set.of(process.pid()));
			assertThat(process.output().linesMatching(" WARN .*runs unclustered: DevTools restarts it")).hasSize(1);
		}
	}

	@Test
	void withoutTheRestartItIsClusteredAsTheWarningSays() throws Exception {
		try (ClusterProcess process = builder("devtools-clustered").workers(1)
			.jvmArgs("-Dspring.devtools.restart.enabled=false")
			.startReady()) {
			assertThat(process.workers()).hasSize(1);
		}
	}

	private static ClusterProcessBuilder builder(String name) {
		return ClusterProcess.named(name)
			.target(TestApplication.target(TalkativeApplication.class, TestApplication.Library.DEVTOOLS));
	}

}
