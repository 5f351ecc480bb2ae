package io.github.bootcluster.wire;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

import io.netty.channel.IoEvent;
import io.netty.channel.IoEventLoop;
import io.netty.channel.IoRegistration;
import io.netty.channel.epoll.EpollIoEvent;
import io.netty.channel.epoll.EpollIoOps;
import io.netty.channel.unix.Socket;

/**
 * The end of a hand-off socket that sends descriptors of one listener's connections: the
 * master's, or that of a worker that gives connections back. It owns a copy of each
 * descriptor from the moment that it is sent until the other end's ack, which closes it;
 * acks come in the order of the descriptors, so that their number says which. Everything
 * happens on the event loop that it is registered with.
 */
public final class DescriptorSender extends WatchedSocket {

	/**
	 * Most descriptors that may wait for their ack. The kernel takes about 278 on a
	 * socket, and the fewer wait, the fewer move when a worker dies.
	 */
	private static final int MAX_UNACKNOWLEDGED = 128;

	private static final long PAUSE_MILLIS = 10;

	private static final EpollIoOps READ_AND_WRITE = EpollIoOps.EPOLLIN.with(EpollIoOps.EPOLLOUT);

	private final long peerPid;

	private final IoEventLoop loop;

	private final Listener listener;

	private final DescriptorQueue unacknowledged = new DescriptorQueue();

	/**
	 * Connections that the other end has taken and not closed.
	 */
	private int held;

	private final ByteBuffer buffer = ByteBuffer.allocateDirect(256);

	private Consumer<DescriptorSender> started = (sender) -> {
	};

	private long progressAt;

	private boolean blocked;

	DescriptorSender(Socket socket, long peerPid, int held, IoEventLoop loop, Listener listener) {
		super(socket);
		this.peerPid = peerPid;
		this.held = held;
		this.loop = loop;
		this.listener = listener;
	}

	/**
	 * Connects a worker to the master to give connections of one listener back. It blocks
	 * for as long as the kernel needs to connect two Unix sockets.
	 * @param loop the event loop that serves the socket, whose thread calls
	 * @param listener hears what becomes of it; the end of the socket, too, if the master
	 * wants none back
	 * @throws IOException if nobody listens at the path, or this process has no
	 * descriptor left
	 */
	public static DescriptorSender giveBack(Path path, int listenerId, IoEventLoop loop, Listener listener)
			throws IOException {
		DescriptorSender sender = new DescriptorSender(HandoffGreeting.connect(path, -listenerId, 0), -1, 0, loop,
				listener);
		sender.register((started) -> {
		});
		return sender;
	}

	void register(Consumer<DescriptorSender> started) {
		this.started = started;
		watch(this.loop);
	}

	@Override
	void watched() {
		submit(this.blocked ? READ_AND_WRITE : EpollIoOps.EPOLLIN);
		this.started.accept(this);
	}

	/**
	 * Returns the process id of the other end as the kernel knows it.
	 * @return the process id, -1 if it is the master
	 */
	public long peerPid() {
		return this.peerPid;
	}

	/**
	 * Tells whether a descriptor can be sent now.
	 */
	public boolean isWritable() {
		return !this.blocked && !isClosed() && this.unacknowledged.size() < MAX_UNACKNOWLEDGED;
	}

	/**
	 * Returns how many descriptors wait for their ack.
	 */
	public int unacknowledged() {
		return this.unacknowledged.size();
	}

	/**
	 * Returns how many connections the other end has: those that were sent to it, and
	 * those that it had before, as far as it has not told their end.
	 */
	public int connections() {
		return this.held + this.unacknowledged.size();
	}

	/**
	 * Tells for how long the other end has owed an ack and sent none.
	 * @return nanoseconds since the last ack, or since a descriptor was sent when none
	 * was owed; 0 if none is
	 */
	public long silence(long now) {
		return this.unacknowledged.isEmpty() ? 0 : now - this.progressAt;
	}

	/**
	 * Sends a descriptor.
	 * @param descriptor the descriptor, taken over if it was sent, else still the
	 * caller's
	 */
	public boolean send(int descriptor) {
		if (!isWritable()) {
			return false;
		}
		try {
			if (fd().sendFd(descriptor) < 0) {
				block();
				return false;
			}
		}
		catch (IOException ex) {
			pause();
			return false;
		}
		if (this.unacknowledged.isEmpty()) {
			this.progressAt = System.nanoTime();
		}
		this.unacknowledged.add(descriptor);
		return true;
	}

	private void block() {
		this.blocked = true;
		submit(READ_AND_WRITE);
	}

	/**
	 * Tries again later. Either the worker is gone, which the next event tells, or this
	 * account has too many descriptors in flight: then the socket is writable all the
	 * time, and waiting for that would keep the loop spinning.
	 */
	private void pause() {
		this.blocked = true;
		this.loop.schedule(() -> {
			if (!isClosed()) {
				this.blocked = false;
				this.listener.writable(this);
			}
		}, PAUSE_MILLIS, TimeUnit.MILLISECONDS);
	}

	@Override
	public void handle(IoRegistration registration, IoEvent event) {
		if (isClosed()) {
			return;
		}
		EpollIoOps ops = ((EpollIoEvent) event).ops();
		boolean writableBefore = isWritable();
		if (ops.contains(EpollIoOps.EPOLLOUT)) {
			this.blocked = false;
			submit(EpollIoOps.EPOLLIN);
		}
		if (!read()) {
			close();
		}
		else if (!writableBefore && isWritable()) {
			this.listener.writable(this);
		}
	}

	private boolean read() {
		try {
			while (true) {
				this.buffer.clear();
				int count = fd().recv(this.buffer, 0, this.buffer.capacity());
				if (count <= 0) {
					return count == 0;
				}
				if (!consume(count)) {
					return false;
				}
			}
		}
		catch (IOException ex) {
			return false;
		}
	}

	private boolean consume(int count) {
		int taken = 0;
		int ended = 0;
		for (int i = 0; i < count; i++) {
			byte message = this.buffer.get(i);
			taken += HandoffMessage.taken(message);
			ended += HandoffMessage.ended(message);
		}
		if (taken > this.unacknowledged.size() || ended > this.held + taken) {
			return false;
		}
		this.held += taken - ended;
		if (taken > 0) {
			this.unacknowledged.close(taken);
			this.progressAt = System.nanoTime();
			this.listener.acknowledged(this, taken);
		}
		if (ended > 0) {
			this.listener.ended(this, ended);
		}
		return true;
	}

	/**
	 * Takes back what the other end has not taken, and closes the socket. No ack gets
	 * lost: from the first step on the other end can send none, and sees that it owns
	 * nothing of what it takes then; those that were sent before are read.
	 */
	public void reclaim() {
		if (isClosed()) {
			return;
		}
		try {
			fd().shutdown(true, false);
			read();
		}
		catch (IOException ex) {
			// The other end is gone, and so are its acks
		}
		close();
	}

	/**
	 * Closes the socket and gives the descriptors without an ack back to the listener:
	 * the other end has not read from them.
	 */
	@Override
	public void close() {
		if (closeSocket()) {
			this.listener.closed(this, this.unacknowledged);
		}
	}

	/**
	 * Hears what happens on a sender, on its event loop.
	 */
	public interface Listener {

		/**
		 * The other end has taken descriptors.
		 */
		default void acknowledged(DescriptorSender sender, int count) {
		}

		/**
		 * The other end has closed connections, or given them back.
		 */
		default void ended(DescriptorSender sender, int count) {
		}

		/**
		 * The sender can take descriptors again.
		 */
		void writable(DescriptorSender sender);

		/**
		 * The other end is gone, or does not want more.
		 * @param unacknowledged the descriptors that the other end did not take, to be
		 * taken over
		 */
		void closed(DescriptorSender sender, DescriptorQueue unacknowledged);

	}

}
