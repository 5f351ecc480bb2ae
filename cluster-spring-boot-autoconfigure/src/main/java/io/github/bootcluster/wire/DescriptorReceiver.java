package io.github.bootcluster.wire;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;

import io.netty.channel.IoEvent;
import io.netty.channel.IoEventLoop;
import io.netty.channel.IoRegistration;
import io.netty.channel.epoll.EpollIoHandle;
import io.netty.channel.epoll.EpollIoOps;
import io.netty.channel.unix.FileDescriptor;
import io.netty.channel.unix.Socket;
import org.jspecify.annotations.Nullable;

/**
 * The end of a hand-off socket that takes descriptors: a worker's, or the master's where
 * a worker gives some back. A descriptor belongs to this end from its ack on, which is
 * sent before anything can be read from the connection; those still in the socket when it
 * is closed belong to the other end. Everything happens on the event loop that it is
 * registered with.
 */
public final class DescriptorReceiver implements EpollIoHandle {

	private static final int BATCH = 64;

	private final Socket socket;

	private final Listener listener;

	private final int[] batch = new int[BATCH];

	private final ByteBuffer acknowledgement = ByteBuffer.allocateDirect(1);

	private @Nullable IoRegistration registration;

	private boolean reading;

	private boolean closed;

	DescriptorReceiver(Socket socket, Listener listener) {
		this.socket = socket;
		this.listener = listener;
	}

	/**
	 * Connects to the master for the connections of one listener. It blocks for as long
	 * as the kernel needs to connect two Unix sockets.
	 * @param path the hand-off socket
	 * @param listenerId the listener's number
	 * @param listener hears what comes
	 * @return the receiver, which reads nothing yet
	 * @throws IOException if nobody listens at the path, or this process has no
	 * descriptor left
	 */
	public static DescriptorReceiver connect(Path path, int listenerId, Listener listener) throws IOException {
		return new DescriptorReceiver(HandoffGreeting.connect(path, listenerId), listener);
	}

	/**
	 * Begins to serve the socket.
	 * @param loop the event loop
	 */
	public void register(IoEventLoop loop) {
		loop.register(this).addListener((future) -> {
			if (!future.isSuccess() || this.closed) {
				close();
				return;
			}
			this.registration = (IoRegistration) future.getNow();
			submit();
		});
	}

	/**
	 * Lets descriptors come or stay in the socket.
	 * @param reading whether they shall come
	 */
	public void setReading(boolean reading) {
		if (this.reading != reading) {
			this.reading = reading;
			submit();
		}
	}

	private void submit() {
		if (this.registration != null && this.registration.isValid()) {
			// An empty set would end the registration
			this.registration.submit(this.reading ? EpollIoOps.EPOLLIN : EpollIoOps.EPOLLERR);
		}
	}

	@Override
	public FileDescriptor fd() {
		return this.socket;
	}

	@Override
	public void handle(IoRegistration registration, IoEvent event) {
		int count = 0;
		boolean ended = false;
		try {
			while (!this.closed && count < BATCH) {
				int descriptor = this.socket.recvFd();
				if (descriptor <= 0) {
					ended = descriptor < 0;
					break;
				}
				this.batch[count++] = descriptor;
			}
		}
		catch (IOException ex) {
			// The stream may have lost count: the other end takes back what has no ack
			ended = true;
		}
		if (count > 0) {
			take(count);
		}
		if (ended && !this.closed) {
			close();
			this.listener.ended();
		}
	}

	private void take(int count) {
		if (acknowledge(count)) {
			this.listener.received(this, this.batch, count);
			return;
		}
		// Without an ack they are the other end's
		for (int i = 0; i < count; i++) {
			DescriptorQueue.release(this.batch[i]);
		}
		if (!this.closed) {
			close();
			this.listener.ended();
		}
	}

	private boolean acknowledge(int count) {
		this.acknowledgement.put(0, (byte) count);
		try {
			return this.socket.write(this.acknowledgement, 0, 1) == 1;
		}
		catch (IOException ex) {
			return false;
		}
	}

	/**
	 * Closes the socket. What it still holds goes back to the other end.
	 */
	@Override
	public void close() {
		if (this.closed) {
			return;
		}
		this.closed = true;
		if (this.registration != null) {
			this.registration.cancel();
		}
		try {
			this.socket.close();
		}
		catch (IOException ex) {
			// The descriptor is released all the same: see close(2)
		}
	}

	/**
	 * Hears what comes over a hand-off socket, on its event loop.
	 */
	public interface Listener {

		/**
		 * Connections have come.
		 * @param receiver the receiver
		 * @param descriptors their descriptors, which now belong to the listener; the
		 * array is used again afterwards
		 * @param count how many there are
		 */
		void received(DescriptorReceiver receiver, int[] descriptors, int count);

		/**
		 * The other end has closed the socket, or it has failed.
		 */
		void ended();

	}

}
