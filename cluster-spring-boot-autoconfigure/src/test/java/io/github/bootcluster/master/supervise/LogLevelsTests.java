package io.github.bootcluster.master.supervise;

import java.util.List;

import io.github.bootcluster.wire.Frame;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * Promises on log levels that are set while the cluster runs.
 */
class LogLevelsTests {

	private final TestCluster cluster = new TestCluster(2, 1, 2, 10);

	private FakeWorker first;

	private FakeWorker second;

	@BeforeEach
	void start() {
		this.cluster.start().readyAll();
		this.first = this.cluster.worker(1);
		this.second = this.cluster.worker(2);
	}

	@AfterEach
	void close() {
		this.cluster.close();
	}

	@Test
	void levelIsSetInAllWorkersAndThoseForkedLater() {
		set(this.first, "web", "DEBUG");
		assertThat(levels(this.first)).containsExactly("web=DEBUG");
		assertThat(levels(this.second)).containsExactly("web=DEBUG");
		this.cluster.restart();
		this.cluster.online(this.cluster.worker(3));
		assertThat(levels(this.cluster.worker(3))).containsExactly("web=DEBUG");
	}

	@Test
	void allWorkersEndWithTheSameLevelThoughTwoAreAskedAtOnce() {
		set(this.first, "web", "DEBUG");
		set(this.second, "web", "TRACE");
		assertThat(levels(this.first)).isEqualTo(levels(this.second)).endsWith("web=TRACE");
	}

	@Test
	void levelsAreTakenInTheOrderInWhichTheyWereSet() {
		set(this.first, "web", "DEBUG");
		set(this.first, "org.springframework.web", "INFO");
		set(this.first, "web", "TRACE");
		this.cluster.restart();
		this.cluster.online(this.cluster.worker(3));
		assertThat(levels(this.cluster.worker(3))).containsExactly("org.springframework.web=INFO", "web=TRACE");
	}

	@Test
	void levelThatIsResetHoldsNoMore() {
		set(this.first, "web", "DEBUG");
		set(this.first, "sql", "TRACE");
		set(this.second, "web", null);
		assertThat(levels(this.first)).endsWith("web=null");
		this.cluster.restart();
		this.cluster.online(this.cluster.worker(3));
		assertThat(levels(this.cluster.worker(3))).containsExactly("sql=TRACE", "web=null");
	}

	@Test
	void whatIsKeptIsBounded() {
		assertThatIllegalArgumentException().isThrownBy(() -> new Frame.LogLevel("x".repeat(513), "INFO"));
		for (int i = 0; i < LogLevels.MAX_LEVELS + 5; i++) {
			set(this.first, "logger" + i, "INFO");
		}
		set(this.first, "logger0", "TRACE");
		assertThat(levels(this.second)).hasSize(LogLevels.MAX_LEVELS + 1).endsWith("logger0=TRACE");
	}

	private void set(FakeWorker worker, String logger, @Nullable String level) {
		this.cluster.send(worker, new Frame.LogLevel(logger, level));
	}

	private static List<String> levels(FakeWorker worker) {
		return worker.connection()
			.sent(Frame.LogLevel.class)
			.stream()
			.map((change) -> change.logger() + "=" + change.level())
			.toList();
	}

}
