package io.github.bootcluster.worker;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;

import io.github.bootcluster.ClusterUnavailableException;
import io.github.bootcluster.ScaleRefusedException;
import io.github.bootcluster.wire.Failure;
import io.github.bootcluster.wire.Frame;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import static org.assertj.core.api.Assertions.assertThat;

@Timeout(60)
class PendingRequestsTests {

	private final List<Integer> sent = new ArrayList<>();

	@Test
	void anOperationThatTheMasterDoesNotBeginWithFailsAndItsLateAnswerIsIgnored() {
		PendingRequests requests = new PendingRequests(Duration.ofMillis(1), (number) -> {
		});
		assertUnavailable(requests.operate(this.sent::add), "The master does not answer");
		assertThat(requests.received(new Frame.Received(1))).isTrue();
		assertThat(requests.received(new Frame.Success(1, null))).isTrue();
		assertThat(requests.size()).isZero();
	}

	@Test
	void anOperationThatTheMasterHasBegunWithMayTakeItsTimeWhileTheMasterAnswers() throws Exception {
		CountDownLatch pings = new CountDownLatch(5);
		AtomicReference<PendingRequests> self = new AtomicReference<>();
		PendingRequests requests = new PendingRequests(Duration.ofMillis(100), (number) -> {
			Objects.requireNonNull(self.get()).received(new Frame.Received(number));
			pings.countDown();
		});
		self.set(requests);
		CompletableFuture<Frame> begun = requests.operate((number) -> requests.received(new Frame.Received(number)));
		assertThat(pings.await(30, TimeUnit.SECONDS)).isTrue();
		assertThat(begun).isNotDone();
		requests.received(new Frame.Success(1, null));
		assertThat(begun.get(20, TimeUnit.SECONDS)).isEqualTo(new Frame.Success(1, null));
	}

	@Test
	void anOperationThatTheMasterHasBegunWithFailsOnceTheMasterDoesNotAnswer() {
		PendingRequests requests = new PendingRequests(Duration.ofMillis(1), this.sent::add);
		CompletableFuture<Frame> begun = requests.operate((number) -> requests.received(new Frame.Received(number)));
		assertUnavailable(begun, "The master does not answer any more: how the operation goes on is not known");
		assertThat(this.sent).as("ping").hasSize(1);
		assertThat(requests.size()).isZero();
	}

	@Test
	void anOperationThatIsAnsweredAtOnceNeedsNoReceipt() throws Exception {
		PendingRequests requests = new PendingRequests(Duration.ofHours(1), (number) -> {
		});
		CompletableFuture<Frame> answer = requests.operate(
				(number) -> requests.received(new Frame.Failed(number, Failure.of(new ScaleRefusedException("no")))));
		assertThat(answer.get(20, TimeUnit.SECONDS))
			.isEqualTo(new Frame.Failed(1, Failure.of(new ScaleRefusedException("no"))));
		assertThat(requests.size()).isZero();
	}

	@Test
	void allFailWithTheConnectionAndSoDoesWhatComesLater() {
		PendingRequests requests = new PendingRequests(Duration.ofHours(1), (number) -> {
		});
		CompletableFuture<Frame> asked = requests.ask(this.sent::add);
		CompletableFuture<Frame> begun = requests.operate(this.sent::add);
		requests.received(new Frame.Received(2));
		requests.lost();
		CompletableFuture<Frame> late = requests.operate(this.sent::add);
		for (CompletableFuture<Frame> request : List.of(asked, begun, late)) {
			assertUnavailable(request, "The connection to the master is lost");
		}
		assertThat(this.sent).containsExactly(1, 2);
		assertThat(requests.size()).isZero();
	}

	@Test
	void whatWasNeverAskedForIsNoAnswer() {
		PendingRequests requests = new PendingRequests(Duration.ofHours(1), (number) -> {
		});
		assertThat(requests.received(new Frame.Success(1, null))).isFalse();
		assertThat(requests.received(new Frame.Received(0))).isFalse();
		assertThat(requests.received(new Frame.DumpThreads())).isFalse();
	}

	private static void assertUnavailable(CompletableFuture<Frame> request, String sentence) {
		assertThat(request).failsWithin(Duration.ofSeconds(50))
			.withThrowableThat()
			.havingCause()
			.isInstanceOf(ClusterUnavailableException.class)
			.withMessageContaining(sentence);
	}

}
