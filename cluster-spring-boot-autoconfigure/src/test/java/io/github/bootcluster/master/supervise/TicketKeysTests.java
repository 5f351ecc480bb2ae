package io.github.bootcluster.master.supervise;

import java.time.Duration;
import java.util.List;

import io.github.bootcluster.wire.Frame;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Promises on the keys of TLS session tickets that workers share.
 */
class TicketKeysTests {

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
	void workersThatAskGetTheSameKeys() {
		this.cluster.send(this.first, new Frame.ShareTicketKeys());
		this.cluster.send(this.second, new Frame.ShareTicketKeys());
		assertThat(keys(this.first)).hasSize(1);
		assertThat(keys(this.second)).isEqualTo(keys(this.first));
	}

	@Test
	void otherMasterHasOtherKeys() {
		this.cluster.send(this.first, new Frame.ShareTicketKeys());
		try (TestCluster other = new TestCluster(1, 1, 1, 10)) {
			other.start().readyAll();
			other.send(other.worker(1), new Frame.ShareTicketKeys());
			assertThat(keys(other.worker(1))).doesNotContainAnyElementsOf(keys(this.first));
		}
	}

	@Test
	void otherGroupHasOtherKeys() {
		try (TestCluster other = TestCluster.grouped(1, 1, Duration.ZERO, new WorkerGroup("jobs", 1))) {
			other.start().readyAll();
			other.send(other.worker(1), new Frame.ShareTicketKeys());
			other.send(other.worker(2), new Frame.ShareTicketKeys());
			assertThat(keys(other.worker(2))).hasSize(1).doesNotContainAnyElementsOf(keys(other.worker(1)));
			other.advance(TicketKeys.ROTATION);
			assertThat(keys(other.worker(2))).hasSize(2).doesNotContainAnyElementsOf(keys(other.worker(1)));
		}
	}

	@Test
	void workerThatDoesNotAskGetsNone() {
		this.cluster.send(this.first, new Frame.ShareTicketKeys());
		this.cluster.advance(TicketKeys.ROTATION);
		assertThat(this.second.connection().sent(Frame.TicketKeys.class)).isEmpty();
	}

	@Test
	void workerOfALaterGenerationGetsTheSameKeys() {
		this.cluster.send(this.first, new Frame.ShareTicketKeys());
		this.cluster.restart();
		this.cluster.online(this.cluster.worker(3));
		this.cluster.send(this.cluster.worker(3), new Frame.ShareTicketKeys());
		assertThat(keys(this.cluster.worker(3))).isEqualTo(keys(this.first));
	}

	@Test
	void newKeyComesInTimeAndTheOneBeforeStaysForTheTicketsThatAreOut() {
		this.cluster.send(this.first, new Frame.ShareTicketKeys());
		String earliest = keys(this.first).get(0);
		this.cluster.advance(TicketKeys.ROTATION);
		List<String> then = keys(this.first);
		assertThat(then).hasSize(2);
		assertThat(then.get(1)).isEqualTo(earliest);
		assertThat(then.get(0)).isNotEqualTo(earliest);
		this.cluster.advance(TicketKeys.ROTATION);
		assertThat(keys(this.first)).hasSize(2).last().isEqualTo(then.get(0));
	}

	@Test
	void workerThatIsGoneGetsNoMore() {
		this.cluster.send(this.first, new Frame.ShareTicketKeys());
		this.cluster.send(this.second, new Frame.ShareTicketKeys());
		this.cluster.disconnect(this.first);
		this.cluster.advance(TicketKeys.ROTATION);
		assertThat(this.first.connection().sent(Frame.TicketKeys.class)).hasSize(1);
		assertThat(this.second.connection().sent(Frame.TicketKeys.class)).hasSize(2);
	}

	private static List<String> keys(FakeWorker worker) {
		List<Frame.TicketKeys> sent = worker.connection().sent(Frame.TicketKeys.class);
		return sent.get(sent.size() - 1).keys();
	}

}
