package io.github.bootcluster.master.listen;

import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

import io.github.bootcluster.ClusterFigures.Connections;
import io.github.bootcluster.ClusterWorker;
import io.github.bootcluster.WorkerVitals;
import io.github.bootcluster.wire.DescriptorQueue;
import io.github.bootcluster.wire.DescriptorSender;
import io.github.bootcluster.wire.Descriptors;
import io.github.bootcluster.wire.Frame;
import io.github.bootcluster.wire.SocketDirectory;
import io.github.bootcluster.wire.TestHandoffWorker;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests of how the master's listeners hand connections to workers, and take some back.
 */
class HandoffListenersTests extends ListenersFixture {

	@Test
	void connectionsAreHandedToWorkersInTurn() throws Exception {
		Frame.Listening listening = listen(LOOPBACK, 0);
		worker(1, listening);
		worker(2, listening);
		worker(3, listening);
		assertThat(List.of(ask(listening), ask(listening), ask(listening), ask(listening))).containsExactly("1", "2",
				"3", "1");
	}

	@Test
	void connectionWaitsInTheQueueUntilAWorkerMayTakeIt() throws Exception {
		Frame.Listening listening = listen(LOOPBACK, 0);
		Socket early = connect(listening);
		connectTo(1, listening);
		Socket later = connect(listening);
		awaitLoop();
		this.listeners.admit(1);
		assertThat(answer(early)).isEqualTo("1");
		assertThat(answer(later)).isEqualTo("1");
	}

	@Test
	void listenerStaysWhenItsOnlyWorkerDiesThatConnectedAfterItWasAdmitted() throws Exception {
		Frame.Listening listening = listen(LOOPBACK, 0);
		this.listeners.admit(1);
		TestHandoffWorker worker = connectTo(1, listening);
		assertThat(ask(listening)).isEqualTo("1");
		worker.close();
		this.listeners.unregister(1);
		awaitLoop();
		Socket waiting = connect(listening);
		worker(2, listening);
		assertThat(answer(waiting)).isEqualTo("2");
	}

	@Test
	void workerThatIsWithheldGetsNothingMore() throws Exception {
		Frame.Listening listening = listen(LOOPBACK, 0);
		worker(1, listening);
		worker(2, listening);
		this.listeners.withhold(1);
		awaitLoop();
		assertThat(List.of(ask(listening), ask(listening))).containsExactly("2", "2");
		this.listeners.withhold(2);
		awaitLoop();
		Socket waiting = connect(listening);
		this.listeners.admit(1);
		assertThat(answer(waiting)).isEqualTo("1");
	}

	private static WorkerVitals vitals(long lagMillis, double cpuLoad) {
		return new WorkerVitals(0, 0, 0, 0, true, Duration.ofMillis(lagMillis), cpuLoad);
	}

	@Test
	void workerThatReportedALagGetsNothingUntilItReportsNone() throws Exception {
		Frame.Listening listening = listen(LOOPBACK, 0);
		worker(1, listening);
		worker(2, listening);
		this.listeners.report(2, vitals(100, 0.1), Duration.ofSeconds(1));
		this.listeners.report(2, vitals(100, 0.1), Duration.ofSeconds(1));
		assertThat(List.of(ask(listening), ask(listening), ask(listening))).containsExactly("1", "1", "1");
		this.listeners.report(2, vitals(90, 1), Duration.ofSeconds(1));
		assertThat(List.of(ask(listening), ask(listening))).containsExactly("2", "1");
		this.listeners.report(7, vitals(100, 0.1), Duration.ofSeconds(1));
	}

	@Test
	void whatAHungWorkerHasNotTakenGoesToAnotherWhenItDies() throws Exception {
		Frame.Listening listening = listen(LOOPBACK, 0);
		TestHandoffWorker hung = worker(1, listening);
		assertThat(ask(listening)).isEqualTo("1");
		hung.hang();
		worker(2, listening);
		List<Socket> connections = new ArrayList<>();
		for (int i = 0; i < 20; i++) {
			connections.add(connect(listening));
		}
		for (int i = 0; i < connections.size(); i += 2) {
			assertThat(answer(connections.get(i))).isEqualTo("2");
		}
		hung.close();
		for (int i = 1; i < connections.size(); i += 2) {
			assertThat(answer(connections.get(i))).isEqualTo("2");
		}
	}

	@Test
	void whatAHungWorkerHasNotTakenGoesToAnotherEvenIfItDoesNotDie() throws Exception {
		Frame.Listening listening = listen(LOOPBACK, 0);
		TestHandoffWorker hung = worker(1, listening);
		assertThat(ask(listening)).isEqualTo("1");
		hung.hang();
		worker(2, listening);
		List<Socket> connections = new ArrayList<>();
		for (int i = 0; i < 20; i++) {
			connections.add(connect(listening));
		}
		for (Socket connection : connections) {
			assertThat(answer(connection)).isEqualTo("2");
		}
	}

	@Test
	void workerThatGreetsAgainHasOneConnectionOnly() throws Exception {
		Frame.Listening listening = listen(LOOPBACK, 0);
		TestHandoffWorker first = worker(1, listening);
		for (int i = 0; i < 50; i++) {
			TestHandoffWorker again = new TestHandoffWorker("again", this.directory, listening.listener(), this.loop);
			this.workers.add(again);
			assertThat(first.awaitEnd()).isTrue();
			first = again;
		}
		assertThat(List.of(ask(listening), ask(listening))).containsExactly("again", "again");
	}

	@Test
	void workerThatGivesBackOverTwoConnectionsIsServedOverOne() throws Exception {
		Frame.Listening listening = listen(LOOPBACK, 0);
		worker(1, listening);
		try (SocketChannel first = TestHandoffWorker.greet(this.directory, -listening.listener());
				SocketChannel second = TestHandoffWorker.greet(this.directory, -listening.listener())) {
			assertThat(second.read(ByteBuffer.allocate(1))).as("the end").isNegative();
			first.close();
			awaitLoop();
			try (SocketChannel third = TestHandoffWorker.greet(this.directory, -listening.listener())) {
				awaitLoop();
				third.configureBlocking(false);
				assertThat(third.read(ByteBuffer.allocate(1))).as("nothing to tell").isZero();
			}
		}
	}

	@Test
	void connectionThatAWorkerGivesBackGoesToAnother() throws Exception {
		Frame.Listening listening = listen(LOOPBACK, 0);
		worker(1, listening);
		worker(2, listening);
		this.listeners.withhold(1);
		awaitLoop();
		io.netty.channel.unix.Socket elsewhere = io.netty.channel.unix.Socket.newSocketStream();
		try {
			elsewhere.bind(new InetSocketAddress(LOOPBACK, 0));
			elsewhere.listen(1);
			Socket client = connect(elsewhere.localAddress());
			Giver giver = new Giver();
			giver.give(elsewhere.accept(new byte[25]), listening.listener());
			assertThat(answer(client)).isEqualTo("2");
			assertThat(giver.acknowledged.get(20, TimeUnit.SECONDS)).isOne();
			Awaitility.await()
				.untilAsserted(() -> assertThat(this.listeners.connections().handedOver()).as("the worker has taken it")
					.isOne());
			Connections counted = this.listeners.connections();
			assertThat(counted.moved()).isOne();
			assertThat(counted.accepted()).as("elsewhere").isZero();
		}
		finally {
			elsewhere.close();
		}
	}

	@Test
	void connectionsAreCountedOnTheirWay() throws Exception {
		Frame.Listening listening = listen(LOOPBACK, 0);
		TestHandoffWorker hung = worker(1, listening);
		for (int i = 0; i < 3; i++) {
			assertThat(ask(listening)).isEqualTo("1");
		}
		Awaitility.await()
			.untilAsserted(() -> assertThat(this.listeners.connections()).isEqualTo(new Connections(3, 3, 0, 0, 0)));
		hung.hang();
		Socket first = connect(listening);
		Socket second = connect(listening);
		Awaitility.await()
			.untilAsserted(() -> assertThat(this.listeners.connections()).isEqualTo(new Connections(5, 3, 0, 0, 2)));
		hung.close();
		Awaitility.await()
			.untilAsserted(() -> assertThat(this.listeners.connections()).isEqualTo(new Connections(5, 3, 2, 0, 2)));
		worker(2, listening);
		assertThat(answer(first)).isEqualTo("2");
		assertThat(answer(second)).isEqualTo("2");
		Awaitility.await()
			.untilAsserted(() -> assertThat(this.listeners.connections()).isEqualTo(new Connections(5, 5, 2, 0, 0)));
	}

	@Test
	void nothingIsTakenBackForAListenerThatIsNotThere() throws Exception {
		Frame.Listening listening = listen(LOOPBACK, 0);
		worker(1, listening);
		Giver giver = new Giver();
		giver.give(Descriptors.open(), 99);
		assertThat(giver.kept.get(20, TimeUnit.SECONDS)).isOne();
	}

	@Test
	void whatTheLastWorkerHasNotTakenWaitsForTheNext() throws Exception {
		Frame.Listening listening = listen(LOOPBACK, 0);
		TestHandoffWorker hung = worker(1, listening);
		assertThat(ask(listening)).isEqualTo("1");
		hung.hang();
		Socket first = connect(listening);
		Socket second = connect(listening);
		hung.close();
		this.listeners.unregister(1);
		worker(2, listening);
		assertThat(answer(first)).isEqualTo("2");
		assertThat(answer(second)).isEqualTo("2");
	}

	@Test
	void noMoreThanAWorkerCanTakeIsAccepted() throws Exception {
		Frame.Listening listening = listen(LOOPBACK, 0);
		TestHandoffWorker hung = worker(1, listening);
		assertThat(ask(listening)).isEqualTo("1");
		hung.hang();
		List<Socket> connections = new ArrayList<>();
		for (int i = 0; i < 200; i++) {
			connections.add(connect(listening));
		}
		hung.close();
		worker(2, listening);
		for (Socket connection : connections) {
			assertThat(answer(connection)).isEqualTo("2");
		}
	}

	@Test
	void processThatIsNotRegisteredIsDropped() throws Exception {
		Frame.Listening listening = listen(LOOPBACK, 0);
		try (SocketChannel stranger = TestHandoffWorker.greet(this.directory, listening.listener())) {
			assertThat(stranger.read(ByteBuffer.allocate(1))).isNegative();
		}
		this.listeners.register(1, ClusterWorker.DEFAULT_GROUP, 1, OWN_PID, 0);
		this.listeners.unregister(1);
		try (SocketChannel departed = TestHandoffWorker.greet(this.directory, listening.listener())) {
			assertThat(departed.read(ByteBuffer.allocate(1))).isNegative();
		}
	}

	@Test
	void workerThatAsksForAListenerOfAnotherGroupIsDropped() throws Exception {
		Frame.Listening jobs = (Frame.Listening) ask(2, "jobs", new Frame.Listen(1, LOOPBACK, 0, 0, 128));
		this.listeners.register(1, ClusterWorker.DEFAULT_GROUP, 1, OWN_PID, 0);
		try (SocketChannel worker = TestHandoffWorker.greet(this.directory, jobs.listener())) {
			assertThat(worker.read(ByteBuffer.allocate(1))).isNegative();
		}
	}

	@Test
	void workerThatAsksForAListenerThatIsNotThereIsDropped() throws Exception {
		this.listeners.register(1, ClusterWorker.DEFAULT_GROUP, 1, OWN_PID, 0);
		try (SocketChannel worker = TestHandoffWorker.greet(this.directory, 99)) {
			assertThat(worker.read(ByteBuffer.allocate(1))).isNegative();
		}
	}

	/**
	 * A worker that gives one connection back.
	 */
	private final class Giver implements DescriptorSender.Listener {

		private final CompletableFuture<Integer> acknowledged = new CompletableFuture<>();

		private final CompletableFuture<Integer> kept = new CompletableFuture<>();

		void give(int descriptor, int listener) throws Exception {
			HandoffListenersTests.this.loop.submit(
					() -> DescriptorSender
						.giveBack(SocketDirectory.handoff(HandoffListenersTests.this.directory.control()), listener,
								HandoffListenersTests.this.loop, this)
						.send(descriptor))
				.get(20, TimeUnit.SECONDS);
		}

		@Override
		public void acknowledged(DescriptorSender sender, int count) {
			this.acknowledged.complete(count);
		}

		@Override
		public void writable(DescriptorSender sender) {
		}

		@Override
		public void closed(DescriptorSender sender, DescriptorQueue unacknowledged) {
			this.kept.complete(unacknowledged.size());
			unacknowledged.close(unacknowledged.size());
		}

	}

}
