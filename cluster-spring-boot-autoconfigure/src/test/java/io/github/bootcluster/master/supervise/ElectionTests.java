package io.github.bootcluster.master.supervise;

import java.time.Duration;
import java.util.List;

import io.github.bootcluster.ClusterWorker;
import io.github.bootcluster.WorkerState;
import io.github.bootcluster.wire.Frame;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests of which worker leads, and which one starts a generation.
 */
class ElectionTests {

	@Test
	void firstReadyWorkerLeadsAndStaysTheOnlyOne() {
		try (TestCluster cluster = TestCluster.of(3).startAll()) {
			assertThat(led(cluster)).containsExactly(1);
		}
	}

	@Test
	void nobodyLeadsBeforeTheLeaderThatIsDrainedHasGivenTheLeadUp() {
		try (TestCluster cluster = TestCluster.of(3).startAll()) {
			FakeWorker leader = cluster.worker(1);
			cluster.send(leader, new Frame.Draining());
			cluster.advance(Duration.ofSeconds(5));
			assertThat(cluster.state(leader)).isEqualTo(WorkerState.DRAINING);
			assertThat(led(cluster)).containsExactly(1);
			cluster.send(leader, new Frame.LeadGivenUp());
			assertThat(led(cluster)).containsExactly(1, 2);
		}
	}

	@Test
	void leaderThatGivesUpBeforeItTellsThatItDrainsDoesNotLeadAgain() {
		try (TestCluster cluster = TestCluster.of(1).startAll()) {
			cluster.send(cluster.worker(1), new Frame.LeadGivenUp());
			cluster.advance(Duration.ofSeconds(5));
			assertThat(cluster.worker(1).connection().sent(Frame.Lead.class)).hasSize(1);
		}
	}

	@Test
	void nobodyLeadsBeforeTheProcessOfALeaderThatIsLostHasEnded() {
		try (TestCluster cluster = TestCluster.of(3).startAll()) {
			FakeWorker leader = cluster.worker(1);
			cluster.disconnect(leader);
			cluster.advance(Duration.ofSeconds(5));
			assertThat(led(cluster)).containsExactly(1);
			cluster.exit(leader, 137);
			assertThat(led(cluster)).containsExactly(1, 2);
		}
	}

	@Test
	void rollingRestartMovesTheLeadOnceAndToTheNewGeneration() {
		try (TestCluster cluster = TestCluster.of(3).startAll()) {
			cluster.restart();
			for (int round = 0; round < 10; round++) {
				cluster.readyAll();
				for (FakeWorker worker : cluster.draining()) {
					cluster.send(worker, new Frame.LeadGivenUp());
				}
				cluster.obey();
				cluster.run();
			}
			assertThat(cluster.alive()).hasSize(3).allMatch((worker) -> worker.generation() == 2);
			List<Integer> leaders = led(cluster);
			assertThat(leaders).hasSize(2);
			assertThat(cluster.worker(leaders.get(1)).generation()).isEqualTo(2);
		}
	}

	@Test
	void workerThatHasToProveItselfDoesNotLeadWhileThereIsAnother() {
		try (TestCluster cluster = new TestCluster(2, 1, 2, 10, Duration.ofSeconds(30)).startAll()) {
			cluster.restart();
			cluster.readyAll();
			assertThat(cluster.worker(3).generation()).isEqualTo(2);
			cluster.crash(cluster.worker(1), 137);
			assertThat(led(cluster)).containsExactly(1, 2);
		}
	}

	@Test
	void firstWorkerOfAGenerationStartsItAndAnotherOnlyIfItFails() {
		try (TestCluster cluster = TestCluster.of(2).start()) {
			FakeWorker first = cluster.worker(1);
			cluster.online(first);
			assertThat(claim(cluster, first)).isTrue();
			assertThat(claim(cluster, first)).as("asked again").isTrue();
			cluster.ready(first);
			cluster.online(cluster.worker(2));
			assertThat(claim(cluster, cluster.worker(2))).isFalse();
			cluster.readyAll();
			cluster.advance(TestCluster.HEALTHY_AFTER);
			cluster.crash(first, 137);
			cluster.advance(Duration.ofSeconds(1));
			cluster.online(cluster.worker(3));
			assertThat(claim(cluster, cluster.worker(3))).as("a replacement").isFalse();
			cluster.readyAll();
			cluster.restart();
			FakeWorker failing = cluster.starting().get(0);
			cluster.online(failing);
			assertThat(claim(cluster, failing)).as("a new generation").isTrue();
		}
	}

	@Test
	void workersOfOtherGroupsNeitherLeadNorStartAGeneration() {
		try (TestCluster cluster = TestCluster.grouped(1, 1, Duration.ZERO, new WorkerGroup("batch", 2)).startAll()) {
			FakeWorker leader = cluster.worker(1);
			assertThat(leader.group()).isEqualTo(ClusterWorker.DEFAULT_GROUP);
			for (FakeWorker worker : cluster.forked()) {
				assertThat(claim(cluster, worker)).as(worker.group()).isEqualTo(worker == leader);
			}
			cluster.crash(leader, 137);
			cluster.advance(Duration.ofSeconds(2));
			assertThat(led(cluster)).containsExactly(1);
			cluster.readyAll();
			assertThat(led(cluster)).containsExactly(1, 4);
		}
	}

	private static boolean claim(TestCluster cluster, FakeWorker worker) {
		cluster.send(worker, new Frame.ClaimStart(7));
		List<Frame.StartClaimed> answers = worker.connection().sent(Frame.StartClaimed.class);
		return answers.get(answers.size() - 1).granted();
	}

	private static List<Integer> led(TestCluster cluster) {
		return cluster.forked()
			.stream()
			.filter((worker) -> !worker.connection().sent(Frame.Lead.class).isEmpty())
			.map(FakeWorker::id)
			.toList();
	}

}
