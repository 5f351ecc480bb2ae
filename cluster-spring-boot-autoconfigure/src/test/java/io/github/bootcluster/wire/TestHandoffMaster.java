package io.github.bootcluster.wire;

import java.io.IOException;
import java.net.InetSocketAddress;
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

	private volatile Socket socket = Socket.newSocketStream();

	private volatile boolean listening;

	private volatile DescriptorReceiver.@Nullable Listener taker;

	public TestHandoffMaster(Path base) throws IOException {
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
			connection.send(new Frame.Welcome(ListenerKind.HANDOFF));
		}
		else if (frame instanceof Frame.Unlisten || frame instanceof Frame.Draining) {
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
					(request.address() instanceof DomainSocketAddress unix) ? unix : address());
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
			return true;
		});
		this.loops.shutdownGracefully(0, 20, TimeUnit.SECONDS).await();
		this.directory.close();
	}

}
