package io.github.bootcluster.wire;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

import io.netty.channel.EventLoopGroup;
import io.netty.channel.IoEventLoop;
import io.netty.channel.unix.Socket;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Promises on both ends of a hand-off socket over which a listening socket is lent.
 */
@Timeout(60)
class SocketLoanTests {

	private static final int LISTENER = 42;

	@TempDir
	Path base;

	private final EventLoopGroup loops = Transport.EPOLL.newEventLoop("test-loan");

	private final IoEventLoop loop = (IoEventLoop) this.loops.next();

	private final Master master = new Master();

	private final Socket listening = Socket.newSocketStream();

	private SocketDirectory directory;

	private HandoffServer server;

	@BeforeEach
	void open() throws Exception {
		this.directory = SocketDirectory.create(this.base);
		this.server = HandoffServer.open(this.directory, this.loop, this.master);
		this.listening.bind(new InetSocketAddress("127.0.0.1", 0));
		this.listening.listen(16);
	}

	@AfterEach
	void close() throws Exception {
		onLoop(() -> {
			this.server.close();
			this.listening.close();
			return true;
		});
		this.loops.shutdownGracefully(0, 20, TimeUnit.SECONDS).await();
		this.directory.close();
	}

	@Test
	void workerAcceptsOnWhatItIsLentUntilTheMasterTakesItBack() throws Exception {
		Worker worker = new Worker();
		SocketLoan loan = lend();
		assertThat(this.master.listener).isEqualTo(LISTENER);
		assertThat(this.master.changed.poll(20, TimeUnit.SECONDS)).isSameAs(loan);
		assertThat(copies()).as("the master's and the worker's").isEqualTo(2);
		connect();
		assertThat(worker.accepted.poll(20, TimeUnit.SECONDS)).isNotNull();
		onLoop(() -> {
			loan.close();
			return true;
		});
		assertThat(worker.ended.poll(20, TimeUnit.SECONDS)).isEmpty();
		assertThat(copies()).as("the master's").isOne();
		connect();
		assertThat(onLoop(() -> this.listening.accept(new byte[25]))).as("still in the queue").isPositive();
	}

	@Test
	void masterHearsThatTheWorkerIsGone() throws Exception {
		Worker worker = new Worker();
		SocketLoan loan = lend();
		onLoop(() -> {
			worker.borrowed.close();
			return true;
		});
		assertThat(this.master.ended.poll(20, TimeUnit.SECONDS)).isSameAs(loan);
		assertThat(loan.isAccepting()).isFalse();
		assertThat(copies()).isOne();
		assertThat(worker.ended).isEmpty();
	}

	@Test
	void masterHearsThatAWorkerPausesAndGoesOn() throws Exception {
		Worker worker = new Worker();
		SocketLoan loan = lend();
		awaitAnswer(loan);
		for (boolean accepting : new boolean[] { false, true }) {
			onLoop(() -> {
				worker.borrowed.setAccepting(accepting);
				return true;
			});
			Awaitility.await().atMost(20, TimeUnit.SECONDS).until(() -> onLoop(loan::isAccepting) == accepting);
		}
		connect();
		assertThat(worker.accepted.poll(20, TimeUnit.SECONDS)).isNotNull();
		assertThat(this.master.changed).as("told of each change").hasSize(3);
	}

	@Test
	void workerThatAnswersIsNotSilent() throws Exception {
		new Worker();
		SocketLoan loan = lend();
		awaitAnswer(loan);
		onLoop(() -> {
			loan.lend(this.listening.intValue());
			assertThat(loan.silence(System.nanoTime())).isPositive();
			return true;
		});
		awaitAnswer(loan);
		assertThat(copies()).as("no further copy").isEqualTo(2);
		assertThat(this.master.changed).as("told once").hasSize(1);
	}

	@Test
	void workerThatDoesNotAnswerIsSilentAndNotAskedAgain() throws Exception {
		try (SocketChannel worker = greet()) {
			SocketLoan loan = lend();
			assertThat((boolean) onLoop(loan::isLent)).isTrue();
			assertThat((boolean) onLoop(loan::isAccepting)).isFalse();
			long since = onLoop(() -> {
				loan.lend(this.listening.intValue());
				return loan.silence(System.nanoTime());
			});
			assertThat((long) onLoop(() -> loan.silence(System.nanoTime()))).isGreaterThan(since);
			worker.write(ByteBuffer.wrap(new byte[] { 1 }));
			awaitAnswer(loan);
		}
		assertThat(this.master.ended.poll(20, TimeUnit.SECONDS)).isNotNull();
	}

	@Test
	void workerThatCannotAcceptGivesTheSocketBackAndSaysWhy() throws Exception {
		Worker worker = new Worker();
		SocketLoan loan = lend();
		awaitAnswer(loan);
		onLoop(() -> {
			this.listening.shutdown(true, false);
			return true;
		});
		assertThat(worker.ended.poll(20, TimeUnit.SECONDS)).isPresent();
		assertThat(this.master.ended.poll(20, TimeUnit.SECONDS)).isSameAs(loan);
	}

	@Test
	void socketThatTheMasterTakesBackAndShutsDownIsNoFailure() throws Exception {
		Worker worker = new Worker();
		SocketLoan loan = lend();
		awaitAnswer(loan);
		onLoop(() -> {
			loan.close();
			this.listening.shutdown(true, false);
			return true;
		});
		assertThat(worker.ended.poll(20, TimeUnit.SECONDS)).isEmpty();
	}

	@Test
	void loanThatNobodyGrantsEnds() throws Exception {
		this.master.lends = false;
		assertThat(new Worker().ended.poll(20, TimeUnit.SECONDS)).isEmpty();
	}

	private SocketLoan lend() throws Exception {
		SocketLoan loan = this.master.asked.poll(20, TimeUnit.SECONDS);
		assertThat(loan).isNotNull();
		onLoop(() -> {
			loan.lend(this.listening.intValue());
			return true;
		});
		return loan;
	}

	private void awaitAnswer(SocketLoan loan) {
		Awaitility.await()
			.atMost(20, TimeUnit.SECONDS)
			.until(() -> onLoop(() -> loan.isAccepting() && loan.silence(System.nanoTime()) == 0));
	}

	private int copies() {
		return Descriptors.copies(Descriptors.target(this.listening.intValue()));
	}

	private void connect() throws IOException {
		new java.net.Socket("127.0.0.1", this.listening.localAddress().getPort()).close();
	}

	private Path handoff() {
		return SocketDirectory.handoff(this.directory.control());
	}

	private SocketChannel greet() throws IOException {
		return TestHandoffWorker.greet(this.directory, HandoffGreeting.BORROW | LISTENER);
	}

	private <T> T onLoop(Callable<T> task) throws Exception {
		return this.loop.submit(task).get(20, TimeUnit.SECONDS);
	}

	/**
	 * Hears what the master hears.
	 */
	private static final class Master implements HandoffServer.Listener, SocketLoan.Listener {

		private final BlockingQueue<SocketLoan> asked = new LinkedBlockingQueue<>();

		private final BlockingQueue<SocketLoan> changed = new LinkedBlockingQueue<>();

		private final BlockingQueue<SocketLoan> ended = new LinkedBlockingQueue<>();

		private volatile boolean lends = true;

		private volatile int listener;

		@Override
		public SocketLoan.@Nullable Listener lends(long peerPid, int listener) {
			this.listener = listener;
			return this.lends ? this : null;
		}

		@Override
		public void asked(SocketLoan loan) {
			this.asked.add(loan);
		}

		@Override
		public void changed(SocketLoan loan) {
			this.changed.add(loan);
		}

		@Override
		public void ended(SocketLoan loan) {
			this.ended.add(loan);
		}

		@Override
		public boolean takes(DescriptorSender sender, int listener) {
			return false;
		}

		@Override
		public DescriptorReceiver.@Nullable Listener gives(long peerPid, int listener) {
			return null;
		}

		@Override
		public void writable(DescriptorSender sender) {
		}

		@Override
		public void closed(DescriptorSender sender, DescriptorQueue unacknowledged) {
		}

	}

	/**
	 * A worker's end, which closes what it accepts.
	 */
	private final class Worker implements BorrowedSocket.Listener {

		private final BlockingQueue<Integer> accepted = new LinkedBlockingQueue<>();

		private final BlockingQueue<Optional<IOException>> ended = new LinkedBlockingQueue<>();

		private final BorrowedSocket borrowed;

		Worker() throws Exception {
			this.borrowed = BorrowedSocket.ask(handoff(), LISTENER, this);
			this.borrowed.setAccepting(true);
			onLoop(() -> {
				this.borrowed.register(SocketLoanTests.this.loop);
				return true;
			});
		}

		@Override
		public void accepted(int descriptor) {
			Descriptors.close(descriptor);
			this.accepted.add(descriptor);
		}

		@Override
		public void ended(@Nullable IOException failure) {
			this.ended.add(Optional.ofNullable(failure));
		}

	}

}
