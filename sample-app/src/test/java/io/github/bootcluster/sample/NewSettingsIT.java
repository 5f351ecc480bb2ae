package io.github.bootcluster.sample;

import io.github.bootcluster.apps.settings.SettingsApplication;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Promises on settings that change while the cluster runs, and on an application that
 * takes its time to stop.
 */
class NewSettingsIT {

	@Test
	void beanThatTakesLongerToStopThanTheDrainMayIsNotBrokenOff() throws Exception {
		try (ClusterProcess process = ClusterProcess.named("new-settings")
			.workers(1)
			.target(TestApplication.target(SettingsApplication.class))
			.args("--cluster.drain.timeout=1s", "--settings.stopping=8s")
			.startReady()) {
			process.signal("TERM");
			assertThat(process.exitCode()).isZero();
			assertThat(process.output().linesMatching("^worker-1 .*All that was held is written")).hasSize(1);
		}
	}

}
