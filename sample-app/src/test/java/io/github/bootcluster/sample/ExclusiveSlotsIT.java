package io.github.bootcluster.sample;

import java.nio.file.Path;
import java.util.Set;

import io.github.bootcluster.apps.slotfile.SlotFileApplication;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Promises on slots whose file or port only one worker at a time can have.
 */
class ExclusiveSlotsIT {

	@Test
	void restartReplacesWorkersThatLockAFileOfTheirSlot(@TempDir Path folder) throws Exception {
		try (ClusterProcess process = ClusterProcess.named("exclusive-slots")
			.workers(2)
			.args("--slot.folder=" + folder, "--cluster.restart.exclusive-slots=true",
					"--cluster.respawn.initial-delay=10ms")
			.target(TestApplication.target(SlotFileApplication.class))
			.startReady()) {
			Set<Long> first = process.workers();
			HttpAnswer answer = process.restartAndAwait();
			assertThat(answer.status()).as(answer.text()).isEqualTo(200);
			Set<Long> second = process.awaitReplaced(first);
			process.killHard(second.iterator().next());
			process.awaitReplaced(Set.of(second.iterator().next()));
			assertThat(process.output().linesMatching("is in use")).isEmpty();
		}
	}

	@Test
	void onlyWorkerOfAnExclusiveSlotAnswersThatTheRestartGoesOn(@TempDir Path folder) throws Exception {
		try (ClusterProcess process = ClusterProcess.named("exclusive-slot")
			.workers(1)
			.args("--slot.folder=" + folder, "--cluster.restart.exclusive-slots=true")
			.target(TestApplication.target(SlotFileApplication.class))
			.startReady()) {
			Set<Long> first = process.workers();
			HttpAnswer answer = process.restartAndAwait();
			assertThat(answer.status()).as(answer.text()).isEqualTo(202);
			assertThat(answer.text()).contains("\"state\":\"RUNNING\"");
			process.awaitReplaced(first);
			process.awaitLine("Rolling restart .* completed");
		}
	}

}
