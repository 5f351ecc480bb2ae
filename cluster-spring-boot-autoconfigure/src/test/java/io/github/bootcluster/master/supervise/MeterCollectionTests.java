package io.github.bootcluster.master.supervise;

import java.time.Duration;
import java.util.List;

import io.github.bootcluster.wire.Frame;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * Promises on the meters that the master collects for the worker that is scraped.
 */
class MeterCollectionTests {

	private static final Duration TIMEOUT = Duration.ofSeconds(1);

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
	void askerGetsWhatAllWorkersTell() {
		collect(this.first, 1);
		report(this.first, "one");
		assertThat(isAnswered(this.first, 1)).isFalse();
		report(this.second, "two");
		assertThat(isAnswered(this.first, 1)).isTrue();
		assertThat(collected(this.first, 1)).containsExactly("1/1 current one", "2/2 current two");
	}

	@Test
	void statusThatTheMastersMetersAreTakenFromComesBeforeTheEnd() {
		collect(this.first, 1);
		report(this.first, "one");
		report(this.second, "two");
		List<Frame> frames = this.first.connection().sent(Frame.class);
		assertThat(frames.get(frames.size() - 2)).isInstanceOf(Frame.Status.class);
		assertThat(frames.get(frames.size() - 1)).isEqualTo(new Frame.Success(1, null));
	}

	@Test
	void workerThatDoesNotAnswerIsWaitedForOnceAndShownAsItWas() {
		collect(this.first, 1);
		report(this.first, "one");
		report(this.second, "two");
		collect(this.first, 2);
		report(this.first, "one-again");
		this.cluster.advance(TIMEOUT.minusMillis(1));
		assertThat(isAnswered(this.first, 2)).isFalse();
		this.cluster.advance(Duration.ofMillis(1));
		assertThat(collected(this.first, 2)).containsExactly("1/1 current one-again", "2/2 stale two");
		collect(this.first, 3);
		report(this.first, "one");
		assertThat(isAnswered(this.first, 3)).as("without a wait").isTrue();
		assertThat(this.second.connection().sent(Frame.ReportMeters.class)).as("not asked while it owes an answer")
			.hasSize(2);
		report(this.second, "two-at-last");
		collect(this.first, 4);
		report(this.first, "one");
		assertThat(isAnswered(this.first, 4)).as("it answers again").isFalse();
		report(this.second, "two");
		assertThat(isAnswered(this.first, 4)).isTrue();
	}

	@Test
	void scrapesOfTwoWorkersAtATimeAskEachWorkerOnce() {
		collect(this.first, 1);
		collect(this.second, 7);
		report(this.first, "one");
		report(this.second, "two");
		assertThat(collected(this.first, 1)).isEqualTo(collected(this.second, 7)).hasSize(2);
		assertThat(this.second.connection().sent(Frame.ReportMeters.class)).hasSize(1);
	}

	@Test
	void whatAWorkerHasToldLastIsKeptWhenItIsKilled() {
		collect(this.first, 1);
		report(this.first, "one");
		report(this.second, "two");
		this.cluster.crash(this.second, 137);
		this.cluster.disconnect(this.second);
		collect(this.first, 2);
		report(this.first, "one");
		assertThat(collected(this.first, 2)).containsExactly("2/0 gone two", "1/1 current one");
	}

	@Test
	void lastWordOfAWorkerIsTakenThoughItsProcessHasEnded() {
		this.cluster.exit(this.second, 0);
		report(this.second, "last");
		this.cluster.disconnect(this.second);
		collect(this.first, 1);
		report(this.first, "one");
		assertThat(collected(this.first, 1)).containsExactly("2/0 gone last", "1/1 current one");
	}

	@Test
	void workerThatGoesMeanwhileIsNotWaitedFor() {
		collect(this.first, 1);
		report(this.first, "one");
		this.cluster.disconnect(this.second);
		assertThat(collected(this.first, 1)).containsExactly("1/1 current one");
		assertThat(isAnswered(this.first, 1)).isTrue();
	}

	@Test
	void workersThatHaveAnsweredAnAskerThatWentMeanwhileAreNoLaggards() {
		collect(this.first, 1);
		this.cluster.disconnect(this.first);
		report(this.second, "two");
		this.cluster.advance(TIMEOUT);
		collect(this.second, 1);
		report(this.second, "again");
		assertThat(collected(this.second, 1)).containsExactly("2/2 current again");
	}

	@Test
	void askerThatDoesNotWaitForTheAnswerGetsNoOther() {
		collect(this.first, 1);
		collect(this.first, 2);
		report(this.first, "one");
		report(this.second, "two");
		assertThat(isAnswered(this.first, 1)).isTrue();
		assertThat(isAnswered(this.first, 2)).isFalse();
		assertThat(this.first.connection().sent(Frame.Failed.class)).singleElement()
			.satisfies((refusal) -> assertThat(refusal.request()).isEqualTo(2));
	}

	@Test
	void askerThatGoesMeanwhileGetsNothing() {
		collect(this.first, 1);
		this.cluster.disconnect(this.first);
		report(this.second, "two");
		this.cluster.advance(TIMEOUT);
		assertThat(collected(this.first, 1)).isEmpty();
	}

	@Test
	void sumReplacesThoseThatAreInIt() {
		FakeWorker gone = this.second;
		for (int i = 0; i < 3; i++) {
			report(gone, "count-" + i);
			this.cluster.crash(gone, 1);
			this.cluster.disconnect(gone);
			this.cluster.advance(Duration.ofSeconds(40));
			gone = this.cluster.forked().get(this.cluster.forked().size() - 1);
			this.cluster.ready(gone);
		}
		this.cluster.send(this.first, new Frame.RetiredMeters("default", 2, 2, "sum-of-two"));
		this.cluster.send(this.first, new Frame.RetiredMeters("default", 2, 1, "too-late"));
		this.cluster.send(this.first, new Frame.RetiredMeters("default", 9, 1, "of-no-slot"));
		collect(this.first, 1);
		report(this.first, "one");
		report(gone, "now");
		assertThat(collected(this.first, 1)).containsExactly("2/0 gone sum-of-two", "2/0 gone count-2",
				"1/1 current one", "2/%d current now".formatted(gone.id()));
	}

	@Test
	void whatIsKeptIsBounded() {
		assertThatIllegalArgumentException().isThrownBy(() -> new Frame.Meters("x".repeat(2 * 1024 * 1024 + 1)));
		assertThatIllegalArgumentException().as("of more bytes than characters")
			.isThrownBy(() -> new Frame.Meters("\u00e9"));
		assertThatIllegalArgumentException().isThrownBy(() -> new Frame.CollectMeters(1, Long.MAX_VALUE));
		try (TestCluster other = new TestCluster(1, 1, 1, 1000)) {
			other.start().readyAll();
			for (int i = 0; i < MeterCollection.MAX_RETIRED + 5; i++) {
				FakeWorker gone = other.forked().get(i);
				report(other, gone, "count-" + i);
				other.crash(gone, 1);
				other.advance(Duration.ofSeconds(40));
				other.ready(other.forked().get(i + 1));
			}
			FakeWorker asker = other.forked().get(MeterCollection.MAX_RETIRED + 5);
			other.send(asker, new Frame.CollectMeters(1, TIMEOUT.toMillis()));
			report(other, asker, "now");
			assertThat(collected(asker, 1)).hasSize(MeterCollection.MAX_RETIRED + 1).startsWith("1/0 gone count-0");
		}
	}

	@Test
	void workerWithoutMetersIsShownWithNone() {
		collect(this.first, 1);
		report(this.first, "one");
		report(this.second, "");
		assertThat(collected(this.first, 1)).containsExactly("1/1 current one", "2/2 current ");
	}

	private void collect(FakeWorker asker, int request) {
		this.cluster.send(asker, new Frame.CollectMeters(request, TIMEOUT.toMillis()));
	}

	private void report(FakeWorker worker, String data) {
		report(this.cluster, worker, data);
	}

	private static void report(TestCluster cluster, FakeWorker worker, String data) {
		cluster.send(worker, new Frame.Meters(data));
	}

	private static boolean isAnswered(FakeWorker asker, int request) {
		return asker.connection().sent(Frame.Success.class).contains(new Frame.Success(request, null));
	}

	private static List<String> collected(FakeWorker asker, int request) {
		return asker.connection()
			.sent(Frame.CollectedMeters.class)
			.stream()
			.filter((meters) -> meters.request() == request)
			.map((meters) -> "%d/%d %s %s".formatted(meters.slot(), meters.worker(),
					meters.current() ? "current" : (meters.worker() == 0) ? "gone" : "stale", meters.data()))
			.toList();
	}

}
