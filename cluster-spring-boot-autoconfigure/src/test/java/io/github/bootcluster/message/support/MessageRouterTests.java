package io.github.bootcluster.message.support;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

import io.github.bootcluster.ClusterWorker;
import io.github.bootcluster.WorkerState;
import io.github.bootcluster.message.ClusterMessage;
import io.github.bootcluster.message.MessageFailure;
import io.github.bootcluster.message.MessageTarget;
import io.github.bootcluster.wire.Frame;
import io.github.bootcluster.wire.TestControlConnection;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests of who gets a message, and who may send what.
 */
class MessageRouterTests {

	private final MessageRouter router = new MessageRouter();

	private final List<Outcome> outcomes = new ArrayList<>();

	@Test
	void messageToASlotGoesToTheWorkerThatServesThere() {
		TestControlConnection old = register(1, 1);
		this.router.ready(old.connection());
		TestControlConnection replacement = register(2, 1);
		carry(MessageTarget.slot(1));
		assertThat(old.sent(Frame.Deliver.class)).as("the new one is not ready").hasSize(1);
		this.router.ready(replacement.connection());
		carry(MessageTarget.slot(1));
		assertThat(replacement.sent(Frame.Deliver.class)).hasSize(1);
		this.router.closed(replacement.connection());
		carry(MessageTarget.slot(1));
		assertThat(old.sent(Frame.Deliver.class)).hasSize(2);
	}

	@Test
	void messageToNobodyFails() {
		carry(MessageTarget.worker(1));
		carry(MessageTarget.slot(1));
		assertThat(this.outcomes).hasSize(2)
			.allSatisfy(
					(outcome) -> assertThat(((Outcome.Unhandled) outcome).failure()).isEqualTo(MessageFailure.GONE));
	}

	@Test
	void messagesAreTakenFromWorkersOnlyAndSettlingStrangeOnesIsHarmless() {
		TestControlConnection worker = register(1, 1);
		Frame.Send send = new Frame.Send(1, MessageTarget.worker(1), false, "x", "1");
		assertThat(this.router.received(new TestControlConnection(4711).connection(), send)).isFalse();
		assertThat(this.router.received(worker.connection(),
				new Frame.Deliver(1, new ClusterMessage("x", "1", 9, 9, true))))
			.as("in another's name")
			.isFalse();
		assertThat(this.router.received(worker.connection(), new Frame.Handled(99, "null"))).isTrue();
		assertThat(this.router.received(worker.connection(), send)).isTrue();
		assertThat(worker.sent(Frame.Deliver.class)).singleElement()
			.satisfies((delivered) -> assertThat(delivered.message().senderId()).as("to itself").isEqualTo(1));
	}

	@Test
	void broadcastWaitsForAllThatAreReadyAndTellsTheFirstFailure() {
		List<TestControlConnection> workers = List.of(register(1, 1), register(2, 2), register(3, 3), register(4, 4));
		workers.subList(0, 3).forEach((worker) -> this.router.ready(worker.connection()));
		carry(MessageTarget.workers());
		assertThat(workers).allMatch((worker) -> worker.sent(Frame.Deliver.class).size() == 1);
		settle(workers.get(0), new Frame.Handled(1, "null"));
		settle(workers.get(1), new Frame.Unhandled(1, MessageFailure.NO_LISTENER, "nobody"));
		assertThat(this.outcomes).isEmpty();
		this.router.closed(workers.get(2).connection());
		assertThat(this.outcomes).containsExactly(new Outcome.Handled("1"));
		carry(MessageTarget.workers());
		settle(workers.get(0), new Frame.Unhandled(2, MessageFailure.LISTENER_FAILED, "why"));
		settle(workers.get(1), new Frame.Handled(2, "null"));
		assertThat(this.outcomes).last().isEqualTo(new Outcome.Unhandled(MessageFailure.LISTENER_FAILED, "why"));
	}

	private void settle(TestControlConnection worker, Frame.Settled frame) {
		assertThat(this.router.received(worker.connection(), frame)).isTrue();
	}

	private void carry(MessageTarget target) {
		this.router.carry(target, false, "x", "1", this.outcomes::add);
	}

	private TestControlConnection register(int id, int slot) {
		TestControlConnection connection = new TestControlConnection(id);
		this.router.register(new ClusterWorker(id, ClusterWorker.DEFAULT_GROUP, slot, id, WorkerState.ONLINE, 1,
				Instant.EPOCH, null, null, null, null), connection.connection());
		return connection;
	}

}
