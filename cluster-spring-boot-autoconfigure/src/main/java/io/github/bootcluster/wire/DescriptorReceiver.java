package io.github.bootcluster.wire;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

import io.netty.channel.IoEvent;
import io.netty.channel.IoEventLoop;
import io.netty.channel.IoRegistration;
import io.netty.channel.epoll.EpollIoOps;
import io.netty.channel.unix.Socket;
import org.jspecify.annotations.Nullable;

/**
 * The end of a hand-off socket that takes descriptors: a worker's, or the master's where
 * a worker gives some back. A descriptor belongs to this end from its ack on, which is
 * sent before anything can be read from the connection; those still in the socket when it
 * is closed belong to the other end. Everything happens on the event loop that it is
 * registered with.
 */
public final class DescriptorReceiver extends WatchedSocket {

	private static final int BATCH = 64;

	private static final long PAUSE_MILLIS = 50;

	private final Listener listener;

	private final FreeDescriptors free = FreeDescriptors.ofThisProcess();

	private final int[] batch = new int[BATCH];

	/**
	 * Descriptors in the batch, this end's as soon as none of them is owed an ack.
	 */
	private int taken;

	private int owed;

	/**
	 * Closed connections that the other end is still to be told of.
	 */
	private int ended;

	private final ByteBuffer messages = ByteBuffer.allocateDirect(BATCH);

	private boolean reading;

	/**
	 * Whether the other end is behind with reading messages, so that nothing is taken.
	 */
	private boolean blocked;

	/**
	 * Whether this process has no room for descriptors.
	 */
	private boolean starved;

	private @Nullable IoEventLoop loop;

	DescriptorReceiver(Socket socket, Listener listener) {
		super(socket);
		this.listener = listener;
	}

	/**
	 * Connects to the master for the connections of one listener. It blocks for as long
	 * as the kernel needs to connect two Unix sockets.
	 * @throws IOException if nobody listens at the path, or this process has no
	 * descriptor left
	 */
	public static DescriptorReceiver connect(Path path, int listenerId, int held, Listener listener)
			throws IOException {
		return new DescriptorReceiver(HandoffGreeting.connect(path, listenerId, held), listener);
	}

	/**
	 * Begins to serve the socket.
	 */
	public void register(IoEventLoop loop) {
		this.loop = loop;
		this.listener.opened(this);
		watch(loop);
	}

	@Override
	void watched() {
		submit();
	}

	/**
	 * Lets descriptors come or stay in the socket.
	 */
	public void setReading(boolean reading) {
		if (this.reading != reading) {
			this.reading = reading;
			submit();
		}
	}

	private void submit() {
		EpollIoOps idle = this.blocked ? EpollIoOps.EPOLLOUT : EpollIoOps.EPOLLERR;
		submit((this.reading && !this.blocked && !this.starved) ? EpollIoOps.EPOLLIN : idle);
	}

	/**
	 * Tells the other end that connections which this end took have been closed.
	 */
	public void tellEnded(int count) {
		this.ended += count;
		if (!isClosed() && !this.blocked) {
			tell();
		}
	}

	@Override
	public void handle(IoRegistration registration, IoEvent event) {
		if (isClosed()) {
			return;
		}
		if (this.blocked) {
			tell();
			return;
		}
		boolean end = false;
		try {
			while (this.taken < BATCH) {
				if (!this.free.take()) {
					starve();
					break;
				}
				int descriptor = fd().recvFd();
				if (descriptor <= 0) {
					// With no room left, that may be one which the kernel has dropped
					end = descriptor < 0 || this.free.areGone();
					break;
				}
				this.batch[this.taken++] = descriptor;
			}
		}
		catch (IOException ex) {
			// The stream may have lost count: the other end takes back what has no ack
			end = true;
		}
		this.owed = this.taken;
		if (this.owed > 0) {
			tell();
		}
		if (end) {
			fail();
		}
	}

	/**
	 * Leaves descriptors in the socket until there is room for them again. The other end
	 * gives them to somebody else if that takes too long.
	 */
	private void starve() {
		this.starved = true;
		submit();
		IoEventLoop current = this.loop;
		if (current != null) {
			current.schedule(() -> {
				this.starved = false;
				submit();
			}, PAUSE_MILLIS, TimeUnit.MILLISECONDS);
		}
	}

	/**
	 * Tells the other end all that it is to be told, and passes on what was taken once
	 * that is acknowledged. It waits where the socket is full: the other end has paused.
	 */
	private void tell() {
		boolean failed = false;
		boolean told = false;
		try {
			told = write();
		}
		catch (IOException ex) {
			failed = true;
		}
		if (this.blocked == told && !failed) {
			this.blocked = !told;
			submit();
		}
		if (this.owed == 0 && this.taken > 0) {
			int count = this.taken;
			this.taken = 0;
			this.listener.received(this, this.batch, count);
		}
		if (failed) {
			fail();
		}
	}

	private boolean write() throws IOException {
		while (this.owed > 0 || this.ended > 0) {
			this.messages.clear();
			if (this.owed > 0) {
				this.messages.put(HandoffMessage.ofTaken(this.owed));
			}
			int left = this.ended;
			while (left > 0 && this.messages.hasRemaining()) {
				int count = Math.min(left, HandoffMessage.MAX);
				this.messages.put(HandoffMessage.ofEnded(count));
				left -= count;
			}
			// So few bytes are written at once or not at all
			if (fd().write(this.messages, 0, this.messages.position()) <= 0) {
				return false;
			}
			this.owed = 0;
			this.ended = left;
		}
		return true;
	}

	private void fail() {
		if (!isClosed()) {
			close();
			this.listener.ended();
		}
	}

	/**
	 * Closes the socket. What it still holds goes back to the other end.
	 */
	@Override
	public void close() {
		// Without an ack they are the other end's
		while (this.taken > 0 && !isClosed()) {
			DescriptorQueue.release(this.batch[--this.taken]);
		}
		closeSocket();
	}

	/**
	 * Hears what comes over a hand-off socket, on its event loop.
	 */
	public interface Listener {

		/**
		 * The socket is served from now on.
		 */
		default void opened(DescriptorReceiver receiver) {
		}

		/**
		 * Connections have come.
		 * @param descriptors their descriptors, which now belong to the listener; the
		 * array is used again afterwards
		 */
		void received(DescriptorReceiver receiver, int[] descriptors, int count);

		/**
		 * The other end has closed the socket, or it has failed.
		 */
		void ended();

	}

}
