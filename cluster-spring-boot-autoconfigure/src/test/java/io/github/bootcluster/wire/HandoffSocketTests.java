package io.github.bootcluster.wire;

import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

import io.netty.channel.EventLoopGroup;
import io.netty.channel.IoEventLoop;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

/**
 * Tests of both ends of a hand-off socket, with real sockets and descriptors.
 */
class HandoffSocketTests {

	private static final int LISTENER = 42;

	private static final int BOUND = 128;

	@TempDir
	Path base;

	private final EventLoopGroup loops = Transport.EPOLL.newEventLoop("test-handoff");

	private final IoEventLoop loop = (IoEventLoop) this.loops.next();

	private final Master master = new Master();

	private SocketDirectory directory;

	private HandoffServer server;

	@BeforeEach
	void open() throws Exception {
		this.directory = SocketDirectory.create(this.base);
		this.server = HandoffServer.open(this.directory, this.loop, this.master);
	}

	@AfterEach
	void close() throws Exception {
		onLoop(() -> {
			this.master.senders.forEach(DescriptorSender::close);
			this.master.returned.close(this.master.returned.size());
			this.server.close();
			return true;
		});
		this.loops.shutdownGracefully(0, 20, TimeUnit.SECONDS).await();
		this.directory.close();
	}

	@Test
	void workerIsKnownByItsProcessIdAndSaysItsListener() throws Exception {
		try (SocketChannel worker = greet(LISTENER)) {
			DescriptorSender sender = this.master.awaitGreeting();
			assertThat(sender.peerPid()).isEqualTo(ProcessHandle.current().pid());
			assertThat(this.master.listener).isEqualTo(LISTENER);
			assertThat((boolean) onLoop(sender::isWritable)).isTrue();
			assertThat(worker.isConnected()).isTrue();
		}
	}

	@Test
	void descriptorsComeInTheirOrder() throws Exception {
		Worker worker = new Worker();
		DescriptorSender sender = this.master.awaitGreeting();
		List<String> sent = new ArrayList<>();
		for (int i = 0; i < 100; i++) {
			sent.add(send(sender));
		}
		assertThat(worker.await(100)).containsExactlyElementsOf(sent);
		worker.close();
	}

	@Test
	void nothingIsTakenForAnotherWhereDescriptorsRunOutInTheMiddle() throws Exception {
		Worker worker = new Worker();
		DescriptorSender sender = this.master.awaitGreeting();
		List<String> sent = new ArrayList<>();
		List<Integer> opened = new ArrayList<>();
		for (int i = 0; i < 100; i++) {
			opened.add(Descriptors.open());
			sent.add(Descriptors.target(opened.get(i)));
		}
		try (DescriptorLimit limit = DescriptorLimit.leave(40)) {
			FreeDescriptors.ofThisProcess().recount();
			assertThat((boolean) onLoop(() -> opened.stream().allMatch(sender::send))).isTrue();
			assertThat(worker.await(30)).containsExactlyElementsOf(sent.subList(0, 30));
		}
		assertThat(worker.await(70)).containsExactlyElementsOf(sent.subList(30, 100));
		assertThat((int) onLoop(sender::unacknowledged)).isZero();
		worker.close();
	}

	@Test
	void limitThatIsReachedBetweenTwoCountsLosesNothingAndNothingIsTakenForAnother() throws Exception {
		Worker worker = new Worker();
		DescriptorSender sender = this.master.awaitGreeting();
		List<String> sent = new ArrayList<>();
		List<Integer> opened = new ArrayList<>();
		for (int i = 0; i < 60; i++) {
			opened.add(Descriptors.open());
			sent.add(Descriptors.target(opened.get(i)));
		}
		FreeDescriptors.ofThisProcess().recount();
		assertThat(FreeDescriptors.ofThisProcess().take()).isTrue();
		try (DescriptorLimit limit = DescriptorLimit.leave(20)) {
			assertThat((boolean) onLoop(() -> opened.stream().allMatch(sender::send))).isTrue();
			if (worker.ended.poll(5, TimeUnit.SECONDS) != null) {
				List<String> all = new ArrayList<>();
				worker.received.drainTo(all);
				assertThat(all).isNotEmpty();
				// The worker's end is heard before the master's
				this.master.awaitClosed();
				all.addAll(returned());
				assertThat(all).containsExactlyElementsOf(sent);
				return;
			}
		}
		// So slow a machine that they were counted again: the rest has waited
		assertThat(worker.await(60)).containsExactlyElementsOf(sent);
		worker.close();
	}

	@Test
	void copyOfTheMasterIsClosedByTheAck() throws Exception {
		try (SocketChannel worker = greet(LISTENER)) {
			DescriptorSender sender = this.master.awaitGreeting();
			String first = send(sender);
			String second = send(sender);
			assertThat(Descriptors.copies(first)).isOne();
			fill(sender);
			acknowledge(worker, 1);
			this.master.awaitWritable();
			assertThat(Descriptors.copies(first)).isZero();
			assertThat(Descriptors.copies(second)).isOne();
			assertThat((int) onLoop(sender::unacknowledged)).isEqualTo(BOUND - 1);
		}
	}

	@Test
	void workerAcknowledgesWhatItTakes() throws Exception {
		Worker worker = new Worker();
		DescriptorSender sender = this.master.awaitGreeting();
		fill(sender);
		worker.await(BOUND);
		while ((int) onLoop(sender::unacknowledged) > 0) {
			this.master.awaitWritable();
		}
		worker.close();
	}

	@Test
	void noMoreThanTheBoundWaitForTheirAck() throws Exception {
		try (SocketChannel worker = greet(LISTENER)) {
			DescriptorSender sender = this.master.awaitGreeting();
			assertThat(fill(sender)).isEqualTo(BOUND);
			int refused = Descriptors.open();
			assertThat((boolean) onLoop(() -> sender.send(refused))).isFalse();
			assertThat(Descriptors.target(refused)).as("still the caller's").startsWith("pipe:");
			Descriptors.close(refused);
			acknowledge(worker, 3);
			this.master.awaitWritable();
			assertThat(fill(sender)).isEqualTo(3);
		}
	}

	@Test
	void whatWasNotAcknowledgedGoesBackInItsOrderWhenTheWorkerGoes() throws Exception {
		List<String> sent = new ArrayList<>();
		try (SocketChannel worker = greet(LISTENER)) {
			DescriptorSender sender = this.master.awaitGreeting();
			for (int i = 0; i < 5; i++) {
				sent.add(send(sender));
			}
			acknowledge(worker, 2);
		}
		DescriptorSender sender = this.master.awaitClosed();
		assertThat((boolean) onLoop(sender::isWritable)).isFalse();
		assertThat(returned()).containsExactlyElementsOf(sent.subList(2, 5));
	}

	@Test
	void whatAWorkerThatDoesNotReadHasNotTakenGoesBack() throws Exception {
		Worker worker = new Worker();
		DescriptorSender sender = this.master.awaitGreeting();
		send(sender);
		worker.await(1);
		onLoop(() -> {
			worker.receiver.setReading(false);
			return true;
		});
		List<String> sent = List.of(send(sender), send(sender), send(sender));
		worker.close();
		this.master.awaitClosed();
		assertThat(returned()).containsExactlyElementsOf(sent);
		assertThat(worker.received).isEmpty();
		assertThat(sent).allSatisfy((target) -> assertThat(Descriptors.copies(target)).isOne());
	}

	@Test
	void ackOfWhatWasNotSentEndsTheConnection() throws Exception {
		try (SocketChannel worker = greet(LISTENER)) {
			DescriptorSender sender = this.master.awaitGreeting();
			String sent = send(sender);
			acknowledge(worker, 2);
			this.master.awaitClosed();
			assertThat(returned()).containsExactly(sent);
		}
	}

	@Test
	void acksOfSeveralBatchesAddUp() throws Exception {
		try (SocketChannel worker = greet(LISTENER)) {
			DescriptorSender sender = this.master.awaitGreeting();
			fill(sender);
			worker.write(ByteBuffer.wrap(new byte[] { 60, 60, 8 }));
			while ((int) onLoop(sender::unacknowledged) > 0) {
				this.master.awaitWritable();
			}
		}
	}

	@Test
	void connectionsOfAWorkerAreCountedUntilItTellsTheirEnd() throws Exception {
		try (SocketChannel worker = connect()) {
			worker.write(ByteBuffer.allocate(8).putInt(0, LISTENER).putInt(4, 7));
			DescriptorSender sender = this.master.awaitGreeting();
			assertThat((int) onLoop(sender::connections)).as("what it had before").isEqualTo(7);
			send(sender);
			send(sender);
			assertThat((int) onLoop(sender::connections)).as("with those on their way").isEqualTo(9);
			worker.write(ByteBuffer.wrap(new byte[] { 2, (byte) 0x81, (byte) 0x83 }));
			this.master.awaitEnded(4);
			assertThat((int) onLoop(sender::connections)).isEqualTo(5);
			assertThat((int) onLoop(sender::unacknowledged)).isZero();
		}
	}

	@Test
	void endOfMoreConnectionsThanThereAreEndsTheConnection() throws Exception {
		try (SocketChannel worker = greet(LISTENER)) {
			DescriptorSender sender = this.master.awaitGreeting();
			String first = send(sender);
			String second = send(sender);
			worker.write(ByteBuffer.wrap(new byte[] { 1, (byte) 0x82 }));
			this.master.awaitClosed();
			assertThat(returned()).containsExactly(first, second);
		}
	}

	@Test
	void lessThanNoConnectionIsNoGreeting() throws Exception {
		try (SocketChannel worker = connect()) {
			worker.write(ByteBuffer.allocate(8).putInt(0, LISTENER).putInt(4, -1));
			assertEnd(worker);
			assertThat(this.master.greeted).isEmpty();
		}
	}

	@Test
	void whatAWorkerHasToTellWaitsWhileTheMasterIsBehindAndNothingIsTakenMeanwhile() throws Exception {
		int connections = 5000;
		Worker worker = new Worker(connections);
		DescriptorSender sender = this.master.awaitGreeting();
		List<String> sent = new ArrayList<>();
		onLoop(() -> {
			// The master's loop is busy with this: its end of the socket fills
			for (int i = 0; i < connections; i++) {
				worker.receiver.tellEnded(1);
			}
			for (int i = 0; i < 100; i++) {
				int descriptor = Descriptors.open();
				sent.add(Descriptors.target(descriptor));
				assertThat(sender.send(descriptor)).isTrue();
			}
			return true;
		});
		assertThat(worker.await(100)).containsExactlyElementsOf(sent);
		this.master.awaitEnded(connections);
		assertThat(worker.ended).isEmpty();
		assertThat(this.master.closed).isEmpty();
		worker.close();
		this.master.awaitClosed();
		assertThat(returned()).isEmpty();
	}

	@Test
	void endsAreToldManyAtOnce() throws Exception {
		Worker worker = new Worker(100_000);
		this.master.awaitGreeting();
		onLoop(() -> {
			worker.receiver.tellEnded(100_000);
			return true;
		});
		this.master.awaitEnded(100_000);
		worker.close();
	}

	@Test
	void workerOfAnUnknownListenerIsClosed() throws Exception {
		this.master.known = false;
		try (SocketChannel worker = greet(LISTENER)) {
			this.master.awaitClosed();
			assertEnd(worker);
		}
	}

	@Test
	void greetingThatIsTooShortEndsTheConnection() throws Exception {
		try (SocketChannel worker = connect()) {
			worker.write(ByteBuffer.wrap(new byte[] { 1, 2 }));
			assertEnd(worker);
			assertThat(this.master.greeted).isEmpty();
		}
	}

	@Test
	void connectionsThatSayNothingDoNotPileUp() throws Exception {
		List<SocketChannel> silent = new ArrayList<>();
		try {
			for (int i = 0; i < Greetings.MAX_PENDING + 20; i++) {
				silent.add(connect());
			}
			for (int i = 0; i < 20; i++) {
				assertEnd(silent.get(i));
			}
			try (SocketChannel worker = greet(LISTENER)) {
				this.master.awaitGreeting();
				assertThat(worker.isConnected()).isTrue();
			}
		}
		finally {
			for (SocketChannel channel : silent) {
				channel.close();
			}
		}
	}

	@Test
	void workerThatGoesWithoutAGreetingIsForgotten() throws Exception {
		connect().close();
		try (SocketChannel other = greet(LISTENER)) {
			this.master.awaitGreeting();
			assertThat(other.isConnected()).isTrue();
		}
		assertThat(this.master.greeted).isEmpty();
	}

	@Test
	void whatAWorkerGivesBackIsTheMastersAfterTheAck() throws Exception {
		Taker taker = new Taker();
		this.master.taker = taker;
		Giver giver = new Giver();
		List<String> sent = new ArrayList<>();
		for (int i = 0; i < 100; i++) {
			sent.add(send(giver.sender));
		}
		assertThat(taker.await(100)).containsExactlyElementsOf(sent);
		giver.awaitAcknowledged(100);
		assertThat(this.master.listener).isEqualTo(LISTENER);
		assertThat(sent).allSatisfy((target) -> assertThat(Descriptors.copies(target)).isZero());
	}

	@Test
	void workerKeepsWhatTheMasterDoesNotWant() throws Exception {
		int descriptor = Descriptors.open();
		String target = Descriptors.target(descriptor);
		// Sent before the master has read the greeting
		Giver giver = onLoop(() -> {
			Giver early = new Giver();
			assertThat(early.sender.send(descriptor)).isTrue();
			return early;
		});
		giver.awaitKept(target);
		assertThat(Descriptors.copies(target)).isOne();
		assertThat((boolean) onLoop(giver.sender::isWritable)).isFalse();
	}

	@Test
	void whatAHungWorkerHasNotAcknowledgedIsReclaimedAndNothingElse() throws Exception {
		List<String> sent = new ArrayList<>();
		try (SocketChannel worker = greet(LISTENER)) {
			DescriptorSender sender = this.master.awaitGreeting();
			assertThat((long) onLoop(() -> sender.silence(System.nanoTime()))).isZero();
			for (int i = 0; i < 5; i++) {
				sent.add(send(sender));
			}
			assertThat((long) onLoop(() -> sender.silence(System.nanoTime()))).isPositive();
			onLoop(() -> {
				// The ack is on its way when the master loses its patience
				acknowledge(worker, 2);
				sender.reclaim();
				return true;
			});
			assertThatIOException().as("an ack that comes too late").isThrownBy(() -> acknowledge(worker, 3));
		}
		assertThat(this.master.awaitClosed()).isNotNull();
		assertThat(returned()).containsExactlyElementsOf(sent.subList(2, 5));
	}

	@Test
	void workerHearsThatTheMasterHasClosed() throws Exception {
		Worker worker = new Worker();
		DescriptorSender sender = this.master.awaitGreeting();
		onLoop(() -> {
			sender.close();
			return true;
		});
		assertThat(worker.ended.poll(20, TimeUnit.SECONDS)).isNotNull();
	}

	@Test
	void receiverThatNobodyWaitsForIsRefused() throws Exception {
		onLoop(() -> {
			this.server.close();
			return true;
		});
		assertThatIOException().isThrownBy(Worker::new);
	}

	@Test
	void closedReceiverStaysClosedEvenIfItIsRegisteredLater() throws Exception {
		DescriptorReceiver receiver = DescriptorReceiver.connect(handoff(), LISTENER, 0, new Worker.Nobody());
		this.master.awaitGreeting();
		receiver.close();
		onLoop(() -> {
			receiver.register(this.loop);
			return true;
		});
		this.master.awaitClosed();
	}

	private Path handoff() {
		return SocketDirectory.handoff(this.directory.control());
	}

	private SocketChannel connect() throws IOException {
		return SocketChannel.open(UnixDomainSocketAddress.of(handoff()));
	}

	private SocketChannel greet(int listener) throws IOException {
		SocketChannel channel = connect();
		channel.write(ByteBuffer.allocate(2 * Integer.BYTES).putInt(0, listener));
		return channel;
	}

	private static void acknowledge(SocketChannel worker, int count) throws IOException {
		worker.write(ByteBuffer.wrap(new byte[] { (byte) count }));
	}

	private static void assertEnd(SocketChannel worker) {
		try {
			assertThat(worker.read(ByteBuffer.allocate(16))).isNegative();
		}
		catch (IOException ex) {
			// What was not read turns the end into a reset
		}
	}

	private String send(DescriptorSender sender) throws Exception {
		int descriptor = Descriptors.open();
		String target = Descriptors.target(descriptor);
		assertThat((boolean) onLoop(() -> sender.send(descriptor))).isTrue();
		return target;
	}

	private int fill(DescriptorSender sender) throws Exception {
		return onLoop(() -> {
			int sent = 0;
			while (sender.isWritable()) {
				assertThat(sender.send(Descriptors.open())).isTrue();
				sent++;
			}
			return sent;
		});
	}

	private List<String> returned() throws Exception {
		return onLoop(() -> {
			List<String> targets = new ArrayList<>();
			while (!this.master.returned.isEmpty()) {
				targets.add(Descriptors.target(this.master.returned.peek()));
				this.master.held.add(this.master.returned.remove());
			}
			return targets;
		});
	}

	@AfterEach
	void releaseReturned() {
		this.master.held.forEach(Descriptors::close);
	}

	private <T> T onLoop(Callable<T> task) throws Exception {
		return this.loop.submit(task).get(20, TimeUnit.SECONDS);
	}

	/**
	 * Hears what the master hears.
	 */
	private static final class Master implements HandoffServer.Listener {

		private final BlockingQueue<DescriptorSender> greeted = new LinkedBlockingQueue<>();

		private final BlockingQueue<DescriptorSender> writable = new LinkedBlockingQueue<>();

		private final BlockingQueue<DescriptorSender> closed = new LinkedBlockingQueue<>();

		private final BlockingQueue<Integer> ended = new LinkedBlockingQueue<>();

		private final List<DescriptorSender> senders = new ArrayList<>();

		private final DescriptorQueue returned = new DescriptorQueue();

		private final List<Integer> held = new ArrayList<>();

		private volatile int listener;

		private volatile boolean known = true;

		private volatile DescriptorReceiver.@Nullable Listener taker;

		@Override
		public boolean takes(DescriptorSender sender, int listener) {
			this.listener = listener;
			this.senders.add(sender);
			this.greeted.add(sender);
			return this.known;
		}

		@Override
		public DescriptorReceiver.@Nullable Listener gives(long peerPid, int listener) {
			this.listener = listener;
			return this.taker;
		}

		@Override
		public void ended(DescriptorSender sender, int count) {
			this.ended.add(count);
		}

		@Override
		public void writable(DescriptorSender sender) {
			this.writable.add(sender);
		}

		@Override
		public void closed(DescriptorSender sender, DescriptorQueue unacknowledged) {
			unacknowledged.moveTo(this.returned);
			this.closed.add(sender);
		}

		/**
		 * Waits for a greeting.
		 * @return the sender, which is writable
		 */
		DescriptorSender awaitGreeting() throws InterruptedException {
			return await(this.greeted);
		}

		void awaitEnded(int count) throws InterruptedException {
			int sum = 0;
			while (sum < count) {
				Integer next = this.ended.poll(20, TimeUnit.SECONDS);
				assertThat(next).isNotNull();
				sum += next;
			}
			assertThat(sum).isEqualTo(count);
		}

		void awaitWritable() throws InterruptedException {
			await(this.writable);
		}

		DescriptorSender awaitClosed() throws InterruptedException {
			return await(this.closed);
		}

		private static DescriptorSender await(BlockingQueue<DescriptorSender> queue) throws InterruptedException {
			DescriptorSender sender = queue.poll(20, TimeUnit.SECONDS);
			assertThat(sender).isNotNull();
			return sender;
		}

	}

	/**
	 * A draining worker's end, which keeps what is not taken.
	 */
	private final class Giver implements DescriptorSender.Listener {

		private final BlockingQueue<String> kept = new LinkedBlockingQueue<>();

		private final BlockingQueue<Integer> acknowledged = new LinkedBlockingQueue<>();

		private final DescriptorSender sender;

		Giver() throws IOException {
			this.sender = DescriptorSender.giveBack(handoff(), LISTENER, HandoffSocketTests.this.loop, this);
		}

		void awaitAcknowledged(int count) throws InterruptedException {
			int sum = 0;
			while (sum < count) {
				Integer next = this.acknowledged.poll(20, TimeUnit.SECONDS);
				assertThat(next).isNotNull();
				sum += next;
			}
		}

		String awaitKept(String expected) throws InterruptedException {
			String target = this.kept.poll(20, TimeUnit.SECONDS);
			assertThat(target).isEqualTo(expected);
			return target;
		}

		@Override
		public void acknowledged(DescriptorSender sender, int count) {
			this.acknowledged.add(count);
		}

		@Override
		public void writable(DescriptorSender sender) {
		}

		@Override
		public void closed(DescriptorSender sender, DescriptorQueue unacknowledged) {
			while (!unacknowledged.isEmpty()) {
				this.kept.add(Descriptors.target(unacknowledged.peek()));
				HandoffSocketTests.this.master.held.add(unacknowledged.remove());
			}
		}

	}

	/**
	 * Takes what is given back, and closes it.
	 */
	private static final class Taker implements DescriptorReceiver.Listener {

		private final BlockingQueue<String> received = new LinkedBlockingQueue<>();

		List<String> await(int count) throws InterruptedException {
			List<String> targets = new ArrayList<>();
			while (targets.size() < count) {
				String target = this.received.poll(20, TimeUnit.SECONDS);
				assertThat(target).isNotNull();
				targets.add(target);
			}
			return targets;
		}

		@Override
		public void received(DescriptorReceiver receiver, int[] descriptors, int count) {
			for (int i = 0; i < count; i++) {
				this.received.add(Descriptors.target(descriptors[i]));
				Descriptors.close(descriptors[i]);
			}
		}

		@Override
		public void ended() {
		}

	}

	/**
	 * A worker's end, which closes what it gets.
	 */
	private final class Worker implements DescriptorReceiver.Listener {

		private final BlockingQueue<String> received = new LinkedBlockingQueue<>();

		private final BlockingQueue<Boolean> ended = new LinkedBlockingQueue<>();

		private final DescriptorReceiver receiver;

		Worker() throws IOException {
			this(0);
		}

		Worker(int held) throws IOException {
			this.receiver = DescriptorReceiver.connect(handoff(), LISTENER, held, this);
			this.receiver.setReading(true);
			this.receiver.register(HandoffSocketTests.this.loop);
		}

		List<String> await(int count) throws InterruptedException {
			List<String> targets = new ArrayList<>();
			while (targets.size() < count) {
				String target = this.received.poll(20, TimeUnit.SECONDS);
				assertThat(target).isNotNull();
				targets.add(target);
			}
			return targets;
		}

		void close() throws Exception {
			onLoop(() -> {
				this.receiver.close();
				return true;
			});
		}

		@Override
		public void received(DescriptorReceiver receiver, int[] descriptors, int count) {
			for (int i = 0; i < count; i++) {
				this.received.add(Descriptors.target(descriptors[i]));
				Descriptors.close(descriptors[i]);
			}
		}

		@Override
		public void ended() {
			this.ended.add(true);
		}

		private static final class Nobody implements DescriptorReceiver.Listener {

			@Override
			public void received(DescriptorReceiver receiver, int[] descriptors, int count) {
			}

			@Override
			public void ended() {
			}

		}

	}

}
