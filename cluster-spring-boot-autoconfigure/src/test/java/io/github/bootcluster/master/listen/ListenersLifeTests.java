package io.github.bootcluster.master.listen;

import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

import io.github.bootcluster.ClusterWorker;
import io.github.bootcluster.wire.Frame;
import io.github.bootcluster.wire.ListenFailure;
import io.github.bootcluster.wire.TestHandoffWorker;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

/**
 * Tests of where the master listens, and for how long.
 */
class ListenersLifeTests extends ListenersFixture {

	@Test
	void workersThatAskForTheSameAddressShareIt() throws Exception {
		Frame.Listening first = listen(LOOPBACK, 0);
		worker(1, first);
		Frame second = ask(2, new Frame.Listen(2, LOOPBACK, 0, 0, 128));
		assertThat(second).isEqualTo(new Frame.Listening(2, first.listener(), LOOPBACK, first.port()));
		Frame fixed = ask(3, new Frame.Listen(3, "127.0.0.2", first.port(), 0, 128));
		assertThat(fixed).isInstanceOfSatisfying(Frame.Listening.class,
				(listening) -> assertThat(listening.listener()).isNotEqualTo(first.listener()));
	}

	@Test
	void secondPortZeroOfAWorkerIsAnotherPort() throws Exception {
		Frame.Listening first = listen(LOOPBACK, 0);
		Frame.Listening second = (Frame.Listening) ask(1, new Frame.Listen(2, LOOPBACK, 0, 1, 128));
		assertThat(second.port()).isNotEqualTo(first.port());
		assertThat(ask(2, new Frame.Listen(3, LOOPBACK, 0, 1, 128)))
			.isEqualTo(new Frame.Listening(3, second.listener(), LOOPBACK, second.port()));
	}

	@Test
	void workerThatAsksTwiceForOneAddressHasItInUseItself() throws Exception {
		Frame.Listening listening = listen(LOOPBACK, 0);
		Frame.Listening fixed = (Frame.Listening) ask(1, new Frame.Listen(1, "127.0.0.2", listening.port(), 0, 128));
		worker(1, fixed);
		assertThat(ask(1, new Frame.Listen(2, "127.0.0.2", listening.port(), 0, 128))).isInstanceOfSatisfying(
				Frame.ListenFailed.class,
				(failed) -> assertThat(failed.failure()).isEqualTo(ListenFailure.ADDRESS_IN_USE));
	}

	@Test
	void addressThatIsInUseIsRefusedAndCanBeAskedForAgain() throws Exception {
		int port;
		try (ServerSocket other = new ServerSocket(0, 1, InetAddress.getByName(LOOPBACK))) {
			port = other.getLocalPort();
			assertThat(ask(1, new Frame.Listen(7, LOOPBACK, port, 0, 128)))
				.isInstanceOfSatisfying(Frame.ListenFailed.class, (failed) -> {
					assertThat(failed.request()).isEqualTo(7);
					assertThat(failed.failure()).isEqualTo(ListenFailure.ADDRESS_IN_USE);
				});
		}
		assertThat(ask(1, new Frame.Listen(8, LOOPBACK, port, 0, 128))).isInstanceOf(Frame.Listening.class);
	}

	@Test
	void addressOfAnotherMachineIsRefused() throws Exception {
		assertThat(ask(1, new Frame.Listen(1, "192.0.2.1", 0, 0, 128))).isInstanceOfSatisfying(Frame.ListenFailed.class,
				(failed) -> assertThat(failed.failure()).isEqualTo(ListenFailure.ADDRESS_NOT_AVAILABLE));
	}

	@ParameterizedTest
	@ValueSource(strings = { "127.0.0.1", "::1", "0.0.0.0", "::" })
	void everyKindOfAddressIsListenedOn(String host) throws Exception {
		Assumptions.assumeTrue(hasIpv6() || !host.contains(":"), "no IPv6 here");
		Frame.Listening listening = listen(host, 0);
		worker(1, listening);
		InetAddress wanted = InetAddress.getByName(host);
		// A system with IPv6 listens for both families if the address is a wildcard
		assertThat(InetAddress.getByName(listening.host()))
			.matches((bound) -> wanted.isAnyLocalAddress() ? bound.isAnyLocalAddress() : bound.equals(wanted));
		assertThat(ask(new InetSocketAddress(host.equals("::1") ? host : LOOPBACK, listening.port()))).isEqualTo("1");
	}

	private static boolean hasIpv6() {
		try (ServerSocketChannel channel = ServerSocketChannel.open(StandardProtocolFamily.INET6)) {
			channel.bind(new InetSocketAddress("::1", 0));
			return true;
		}
		catch (IOException | UnsupportedOperationException ex) {
			return false;
		}
	}

	@Test
	void eachGroupHasListenersOfItsOwn() throws Exception {
		Frame.Listen anyPort = new Frame.Listen(1, LOOPBACK, 0, 0, 128);
		Frame.Listening own = (Frame.Listening) ask(1, anyPort);
		assertThat(ask(2, "jobs", anyPort)).isInstanceOfSatisfying(Frame.Listening.class,
				(other) -> assertThat(other.port()).isNotEqualTo(own.port()));
		assertThat(ask(3, anyPort)).isEqualTo(own);
	}

	@Test
	void addressThatAnotherGroupHasIsRefusedAndThatGroupIsNamed() throws Exception {
		Frame.Listening first = listen(LOOPBACK, 0);
		Frame.Listen taken = new Frame.Listen(1, LOOPBACK, first.port(), 0, 128);
		assertThat(ask(1, "jobs", taken)).as("taken by the kernel's account").isInstanceOf(Frame.ListenFailed.class);
		this.listeners.closeUnused(ALL_GROUPS, NOBODY);
		awaitLoop();
		Frame.Listening fixed = (Frame.Listening) ask(1, taken);
		assertThat(fixed.port()).isEqualTo(first.port());
		assertThat(ask(2, "jobs", taken)).isInstanceOfSatisfying(Frame.ListenFailed.class, (failed) -> {
			assertThat(failed.failure()).isEqualTo(ListenFailure.ADDRESS_OF_GROUP);
			assertThat(failed.reason()).isEqualTo("the workers of group 'default' listen there");
		});
		this.listeners.closeUnused(ALL_GROUPS, NOBODY);
		awaitLoop();
		assertThat(ask(2, "jobs", taken)).as("free again").isInstanceOf(Frame.Listening.class);
		Frame.Listen path = new Frame.Listen(1, this.base.resolve("app.sock").toString(), 0, 0, 128);
		assertThat(ask(1, path)).isInstanceOf(Frame.Listening.class);
		assertThat(ask(2, "jobs", path)).isInstanceOfSatisfying(Frame.ListenFailed.class,
				(failed) -> assertThat(failed.failure()).isEqualTo(ListenFailure.ADDRESS_OF_GROUP));
	}

	@Test
	void unixSocketIsListenedOnAndGoneAfterwards() throws Exception {
		Path path = this.base.resolve("app.sock");
		Frame.Listening listening = listen(path.toString(), 0);
		assertThat(listening.host()).isEqualTo(path.toString());
		assertThat(listening.port()).isEqualTo(-1);
		assertThat(listen(path.toString(), 0).listener()).as("the same for all").isEqualTo(listening.listener());
		worker(1, listening);
		worker(2, listening);
		assertThat(List.of(ask(path), ask(path), ask(path))).containsExactly("1", "2", "1");
		SocketChannel queued = SocketChannel.open(UnixDomainSocketAddress.of(path));
		this.listeners.close(LIMIT).toCompletableFuture().join();
		assertThat(answer(queued)).isEqualTo("2");
		assertThat(path).doesNotExist();
	}

	@Test
	void pathThatIsTakenIsRefusedAndStaysAsItIs() throws Exception {
		Path path = Files.writeString(this.base.resolve("app.sock"), "precious");
		assertThat(ask(1, new Frame.Listen(7, path.toString(), 0, 0, 128)))
			.isEqualTo(new Frame.ListenFailed(7, ListenFailure.OTHER, "There is a file, which is no socket"));
		assertThat(path).hasContent("precious");
	}

	@Test
	void listenerWithoutWorkersIsClosedWhenUnusedOnesAre() throws Exception {
		Frame.Listening used = listen(LOOPBACK, 0);
		worker(1, used);
		Frame.Listening unused = (Frame.Listening) ask(2, new Frame.Listen(1, LOOPBACK, 0, 1, 128));
		Frame.Listening jobs = (Frame.Listening) ask(3, "jobs", new Frame.Listen(1, LOOPBACK, 0, 0, 128));
		this.listeners.closeUnused(ALL_GROUPS, Set.of(1));
		awaitLoop();
		assertThatIOException().isThrownBy(() -> connect(unused));
		assertThat(ask(used)).isEqualTo("1");
		connect(jobs);
	}

	@Test
	void whatIsQueuedWhereOnlyALeavingWorkerListensIsHandedToItBeforeTheEnd() throws Exception {
		Frame.Listening old = listen(LOOPBACK, 0);
		connectTo(1, old);
		List<Socket> connections = new ArrayList<>();
		for (int i = 0; i < 200; i++) {
			connections.add(connect(old));
		}
		this.listeners.closeUnused(ALL_GROUPS, Set.of(2));
		for (Socket connection : connections) {
			assertThat(answer(connection)).isEqualTo("1");
		}
		Awaitility.await().untilAsserted(() -> assertThatIOException().isThrownBy(() -> connect(old)));
	}

	@Test
	void workerThatWantsMoreAndMoreListenersIsRefusedAtSomePointAndHarmsNobody() throws Exception {
		Frame.Listening listening = listen(LOOPBACK, 0);
		worker(1, listening);
		int opened = 0;
		Frame answer = ask(2, new Frame.Listen(1, LOOPBACK, 0, 1, 128));
		while (answer instanceof Frame.Listening) {
			opened++;
			answer = ask(2, new Frame.Listen(1, LOOPBACK, 0, opened + 1, 128));
		}
		assertThat(opened).isBetween(16, 64);
		assertThat(((Frame.ListenFailed) answer).failure()).isEqualTo(ListenFailure.TOO_MANY);
		assertThat(ask(3, new Frame.Listen(1, LOOPBACK, 0, 1000, 128))).isInstanceOf(Frame.Listening.class);
		assertThat(ask(listening)).isEqualTo("1");
		this.listeners.register(2, ClusterWorker.DEFAULT_GROUP, 2, OWN_PID, 0);
		this.listeners.unregister(2);
		assertThat(ask(2, new Frame.Listen(1, LOOPBACK, 0, 1, 128))).as("what nobody served is closed with its worker")
			.isInstanceOf(Frame.Listening.class);
	}

	@Test
	void listenerThatAReadyWorkerOpensLaterGetsConnectionsAtOnce() throws Exception {
		Frame.Listening listening = listen(LOOPBACK, 0);
		worker(1, listening);
		assertThat(ask(listening)).isEqualTo("1");
		Frame.Listening later = (Frame.Listening) ask(1, new Frame.Listen(2, LOOPBACK, 0, 1, 128));
		assertThat(later.port()).isNotEqualTo(listening.port());
		connectTo(1, later);
		assertThat(ask(later)).isEqualTo("1");
		assertThat(ask(listening)).isEqualTo("1");
	}

	@Test
	void listenerThatOneWorkerClosesIsServedByTheOther() throws Exception {
		Frame.Listening listening = listen(LOOPBACK, 0);
		worker(1, listening);
		worker(2, listening);
		this.listeners.unlisten(1, listening.listener());
		awaitLoop();
		assertThat(List.of(ask(listening), ask(listening))).containsExactly("2", "2");
	}

	@Test
	void listenerThatTheLastWorkerClosesIsClosedAndCanBeOpenedAgain() throws Exception {
		Frame.Listening listening = listen(LOOPBACK, 0);
		Frame.Listening other = (Frame.Listening) ask(1, new Frame.Listen(1, LOOPBACK, 0, 1, 128));
		worker(1, listening);
		worker(1, other);
		this.listeners.unlisten(1, listening.listener());
		awaitLoop();
		assertThatIOException().isThrownBy(() -> connect(listening));
		assertThat(ask(other)).isEqualTo("1");
		Frame.Listening again = listen(LOOPBACK, listening.port());
		worker(1, again);
		assertThat(ask(again)).isEqualTo("1");
	}

	@Test
	void listenerThatAWorkerClosesBeforeItIsReadyStays() throws Exception {
		Frame.Listening listening = listen(LOOPBACK, 0);
		TestHandoffWorker failing = connectTo(1, listening);
		this.listeners.unlisten(1, listening.listener());
		failing.close();
		Socket waiting = connect(listening);
		worker(2, listening);
		assertThat(answer(waiting)).isEqualTo("2");
	}

	@Test
	void connectionThatAClosedServerHadNotTakenGoesToAnotherWorker() throws Exception {
		Frame.Listening listening = listen(LOOPBACK, 0);
		TestHandoffWorker hung = worker(1, listening);
		assertThat(ask(listening)).isEqualTo("1");
		hung.hang();
		Socket taken = connect(listening);
		awaitLoop();
		worker(2, listening);
		this.listeners.unlisten(1, listening.listener());
		assertThat(answer(taken)).isEqualTo("2");
	}

	@Test
	void connectionThatNoWorkerWillEverTakeIsEndedWithItsListener() throws Exception {
		Frame.Listening listening = listen(LOOPBACK, 0);
		TestHandoffWorker hung = worker(1, listening);
		assertThat(ask(listening)).isEqualTo("1");
		hung.hang();
		Socket taken = connect(listening);
		awaitLoop();
		hung.close();
		this.listeners.unregister(1);
		awaitLoop();
		this.listeners.closeUnused(ALL_GROUPS, NOBODY);
		assertEnded(taken);
	}

	@Test
	void whatIsQueuedIsHandedOutBeforeTheEnd() throws Exception {
		Frame.Listening listening = listen(LOOPBACK, 0);
		worker(1, listening);
		List<Socket> connections = new ArrayList<>();
		for (int i = 0; i < 100; i++) {
			connections.add(connect(listening));
		}
		this.listeners.close(LIMIT).toCompletableFuture().join();
		for (Socket connection : connections) {
			assertThat(answer(connection)).isEqualTo("1");
		}
		assertThatIOException().isThrownBy(() -> connect(listening));
	}

	@Test
	void moreThanWorkersCanTakeAtOnceIsHandedOutBeforeTheEnd() throws Exception {
		Frame.Listening listening = listen(LOOPBACK, 0);
		connectTo(1, listening);
		List<Socket> connections = new ArrayList<>();
		for (int i = 0; i < 500; i++) {
			connections.add(connect(listening));
		}
		this.listeners.admit(1);
		this.listeners.close(LIMIT).toCompletableFuture().join();
		for (Socket connection : connections) {
			assertThat(answer(connection)).isEqualTo("1");
		}
	}

	@Test
	void clientThatComesAtTheEndIsAnsweredOrRefusedButNeverReset() throws Exception {
		Frame.Listening listening = listen(LOOPBACK, 0);
		worker(1, listening);
		ExecutorService users = Executors.newFixedThreadPool(8);
		try {
			List<Future<Integer>> answered = new ArrayList<>();
			CountDownLatch begun = new CountDownLatch(8);
			for (int i = 0; i < 8; i++) {
				answered.add(users.submit(() -> askUntilRefused(listening, begun)));
			}
			begun.await();
			this.listeners.close(LIMIT).toCompletableFuture().join();
			for (Future<Integer> count : answered) {
				assertThat(count.get(20, TimeUnit.SECONDS)).isPositive();
			}
		}
		finally {
			users.shutdownNow();
		}
	}

	private static int askUntilRefused(Frame.Listening listening, CountDownLatch begun) throws IOException {
		for (int count = 0;; count++) {
			try (Socket client = new Socket()) {
				try {
					client.connect(new InetSocketAddress(listening.host(), listening.port()));
				}
				catch (ConnectException ex) {
					return count;
				}
				client.setSoTimeout(20_000);
				assertThat(answer(client)).isEqualTo("1");
				if (count == 0) {
					begun.countDown();
				}
			}
		}
	}

	@Test
	void hungWorkersHoldTheEndUpNoLongerThanTheyMay() throws Exception {
		Frame.Listening listening = listen(LOOPBACK, 0);
		TestHandoffWorker hung = worker(1, listening);
		hung.hang();
		Socket taken = connect(listening);
		this.listeners.close(Duration.ofMillis(200)).toCompletableFuture().join();
		assertThatIOException().isThrownBy(() -> connect(listening));
		hung.close();
		assertEnded(taken);
	}

	@Test
	void nothingIsOpenedAfterTheEnd() throws Exception {
		this.listeners.close(LIMIT).toCompletableFuture().join();
		assertThat(ask(1, new Frame.Listen(1, LOOPBACK, 0, 0, 128))).isInstanceOfSatisfying(Frame.ListenFailed.class,
				(failed) -> assertThat(failed.failure()).isEqualTo(ListenFailure.SHUTTING_DOWN));
		this.listeners.close(LIMIT).toCompletableFuture().join();
	}

	@Test
	void workerKeepsWhatItCannotGiveBackOnceAllEnd() throws Exception {
		Frame.Listening listening = listen(LOOPBACK, 0);
		worker(1, listening);
		try (SocketChannel before = TestHandoffWorker.greet(this.directory, -listening.listener())) {
			awaitLoop();
			this.listeners.close(LIMIT).toCompletableFuture().join();
			assertThat(before.read(ByteBuffer.allocate(1))).as("the end of the way back").isNegative();
		}
	}

}
