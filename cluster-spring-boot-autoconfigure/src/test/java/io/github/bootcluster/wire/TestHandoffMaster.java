package io.github.bootcluster.wire;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

import io.github.bootcluster.ClusterWorker;
import io.github.bootcluster.ListenerKind;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.IoEventLoop;
import io.netty.channel.unix.DomainSocketAddress;
import io.netty.channel.unix.Socket;
import org.jspecify.annotations.Nullable;

/**
 * A master that welcomes everybody, listens where it is asked to, and hands connections
 * over when a test says so.
 */
public final class TestHandoffMaster implements ControlListener, HandoffServer.Listener, AutoCloseable {

	private final EventLoopGroup loops = Transport.EPOLL.newEventLoop("test-master");

	private final IoEventLoop loop = (IoEventLoop) this.loops.next();

	private final SocketDirectory directory;

	private final ControlServer control;

	private final HandoffServer handoff;

	private final BlockingQueue<DescriptorSender> senders = new LinkedBlockingQueue<>();

	private final BlockingQueue<Integer> returned = new LinkedBlockingQueue<>();

	private final BlockingQueue<Frame> told = new LinkedBlockingQueue<>();

	private final BlockingQueue<Integer> ended = new LinkedBlockingQueue<>();

	private volatile Socket socket = Socket.newSocketStream();

	private volatile boolean listening;

	private volatile @Nullable Envelopes envelopes;

	private volatile DescriptorReceiver.@Nullable Listener taker;

	private final BlockingQueue<SocketLoan> asked = new LinkedBlockingQueue<>();

	private final BlockingQueue<SocketLoan> endedLoans = new LinkedBlockingQueue<>();

	private final ListenerKind kind;

	public TestHandoffMaster(Path base) throws IOException {
		this(base, ListenerKind.HANDOFF);
	}

	public TestHandoffMaster(Path base, ListenerKind kind) throws IOException {
		this.kind = kind;
		this.directory = SocketDirectory.create(base);
		this.control = ControlServer.open(this.directory, Transport.EPOLL, this.loops, this);
		this.handoff = HandoffServer.open(this.directory, this.loop, this);
	}

	public WorkerIdentity identity() {
		return new WorkerIdentity(1, ClusterWorker.DEFAULT_GROUP, 1, 1, this.directory.control());
	}

	public InetSocketAddress address() {
		return this.socket.localAddress();
	}

	@Override
	public void received(ControlConnection connection, Frame frame) {
		if (frame instanceof Frame.Hello) {
			connection.send(new Frame.Welcome(this.kind));
		}
		else if (frame instanceof Frame.Unlisten || frame instanceof Frame.Draining || frame instanceof Frame.Ready) {
			this.told.add(frame);
		}
		else if (frame instanceof Frame.Listen listen) {
			connection.send(listen(listen));
		}
	}

	private Frame listen(Frame.Listen request) {
		try {
			if (!this.listening) {
				this.listening = true;
				if (request.address() instanceof DomainSocketAddress) {
					this.socket.close();
					this.socket = Socket.newSocketDomain();
				}
				this.socket.bind(request.address());
				this.socket.listen(request.backlog());
			}
			return Frame.Listening.at(request.request(), 1,
					(request.address() instanceof DomainSocketAddress unix) ? unix : address(), this.envelopes != null);
		}
		catch (IOException ex) {
			return new Frame.ListenFailed(request.request(), ListenFailure.ADDRESS_IN_USE,
					String.valueOf(ex.getMessage()));
		}
	}

	@Override
	public void closed(ControlConnection connection) {
	}

	@Override
	public boolean takes(DescriptorSender sender, int listener) {
		this.senders.add(sender);
		return true;
	}

	@Override
	public DescriptorReceiver.@Nullable Listener gives(long peerPid, int listener) {
		return this.taker;
	}

	@Override
	public SocketLoan.Listener lends(long peerPid, int listener) {
		return new SocketLoan.Listener() {

			@Override
			public void asked(SocketLoan loan) {
				TestHandoffMaster.this.asked.add(loan);
			}

			@Override
			public void changed(SocketLoan loan) {
			}

			@Override
			public void ended(SocketLoan loan) {
				TestHandoffMaster.this.endedLoans.add(loan);
			}

		};
	}

	/**
	 * Waits for a worker that wants to accept itself, and lends it the listening socket.
	 * @return the loan
	 */
	public SocketLoan lend() throws InterruptedException {
		SocketLoan loan = this.asked.poll(20, TimeUnit.SECONDS);
		if (loan == null) {
			throw new AssertionError("No worker wants to accept");
		}
		onLoop(() -> {
			loan.lend(this.socket.intValue());
			return true;
		});
		return loan;
	}

	public void recall(SocketLoan loan) {
		onLoop(() -> {
			loan.close();
			return true;
		});
	}

	public boolean awaitEnd(SocketLoan loan) throws InterruptedException {
		return this.endedLoans.poll(20, TimeUnit.SECONDS) == loan;
	}

	@Override
	public void ended(DescriptorSender sender, int count) {
		this.ended.add(count);
	}

	@Override
	public void writable(DescriptorSender sender) {
	}

	@Override
	public void closed(DescriptorSender sender, DescriptorQueue unacknowledged) {
		while (!unacknowledged.isEmpty()) {
			this.returned.add(unacknowledged.remove());
		}
	}

	public DescriptorSender awaitSender() throws InterruptedException {
		DescriptorSender sender = this.senders.poll(20, TimeUnit.SECONDS);
		if (sender == null) {
			throw new AssertionError("No worker has connected");
		}
		return sender;
	}

	/**
	 * Waits for what a worker tells of its servers and of its end.
	 * @return the frame
	 */
	public Frame awaitTold() throws InterruptedException {
		Frame frame = this.told.poll(20, TimeUnit.SECONDS);
		if (frame == null) {
			throw new AssertionError("No worker has told anything");
		}
		return frame;
	}

	/**
	 * Waits until workers have told the end of so many connections.
	 * @param count the number since the last wait
	 */
	public void awaitEnded(int count) throws InterruptedException {
		for (int left = count; left > 0;) {
			Integer next = this.ended.poll(20, TimeUnit.SECONDS);
			if (next == null || next > left) {
				throw new AssertionError("The end of %d connections was told, %s still to come".formatted(next, left));
			}
			left -= next;
		}
	}

	public int connections(DescriptorSender sender) {
		return onLoop(sender::connections);
	}

	/**
	 * Hands each connection over in an envelope.
	 */
	public void useEnvelopes() throws IOException {
		this.envelopes = Envelopes.open(this.directory);
	}

	/**
	 * Accepts a connection that a client has made and hands it over with its first bytes.
	 * @param sender the way to the worker
	 * @param length how many bytes to read before
	 */
	public void handOver(DescriptorSender sender, int length) {
		onLoop(() -> {
			Socket connection = new Socket(this.socket.accept(new byte[25]));
			ByteBuffer beginning = ByteBuffer.allocateDirect(length);
			for (int read = 0; read < length;) {
				read += connection.recv(beginning, read, length);
			}
			Envelopes current = this.envelopes;
			if (current == null || !sender.send(current.seal(connection.intValue(), beginning))) {
				throw new IllegalStateException("Not handed over");
			}
			return true;
		});
	}

	/**
	 * Accepts a connection that a client has made and hands it over.
	 * @param sender the way to the worker
	 * @return whether the worker can take it
	 */
	public boolean handOver(DescriptorSender sender) {
		return onLoop(() -> {
			int descriptor = this.socket.accept(new byte[25]);
			if (descriptor < 0) {
				throw new IllegalStateException("No client has connected");
			}
			boolean sent = sender.send(descriptor);
			if (!sent) {
				Descriptors.close(descriptor);
			}
			return sent;
		});
	}

	public void close(DescriptorSender sender) {
		onLoop(() -> {
			sender.close();
			return true;
		});
	}

	/**
	 * Waits for a connection that a worker has given back, and closes it.
	 * @return whether one came
	 */
	public boolean awaitReturned() throws InterruptedException {
		Integer descriptor = this.returned.poll(20, TimeUnit.SECONDS);
		if (descriptor != null) {
			Descriptors.close(descriptor);
		}
		return descriptor != null;
	}

	/**
	 * Takes what workers give back from now on, and does nothing with it.
	 * @return the descriptors, to be closed or handed over again
	 */
	public BlockingQueue<Integer> takeBack() {
		BlockingQueue<Integer> taken = new LinkedBlockingQueue<>();
		this.taker = new DescriptorReceiver.Listener() {

			@Override
			public void received(DescriptorReceiver receiver, int[] descriptors, int count) {
				for (int i = 0; i < count; i++) {
					taken.add(descriptors[i]);
				}
			}

			@Override
			public void ended() {
			}

		};
		return taken;
	}

	/**
	 * Takes back what workers give and hands it to another worker.
	 * @param target the way to that worker
	 */
	public void passOn(Supplier<DescriptorSender> target) {
		this.taker = new DescriptorReceiver.Listener() {

			@Override
			public void received(DescriptorReceiver receiver, int[] descriptors, int count) {
				for (int i = 0; i < count; i++) {
					target.get().send(descriptors[i]);
				}
			}

			@Override
			public void ended() {
			}

		};
	}

	private <T> T onLoop(Callable<T> task) {
		return this.loop.submit(task).syncUninterruptibly().getNow();
	}

	@Override
	public void close() throws Exception {
		this.control.close();
		onLoop(() -> {
			this.handoff.close();
			this.socket.close();
			if (this.envelopes != null) {
				this.envelopes.close();
			}
			return true;
		});
		this.loops.shutdownGracefully(0, 20, TimeUnit.SECONDS).await();
		this.directory.close();
	}

}
