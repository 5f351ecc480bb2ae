package io.github.bootcluster.wire;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.TimeUnit;

import io.netty.channel.IoEvent;
import io.netty.channel.IoEventLoop;
import io.netty.channel.IoRegistration;
import io.netty.channel.epoll.EpollIoEvent;
import io.netty.channel.epoll.EpollIoHandle;
import io.netty.channel.epoll.EpollIoOps;
import io.netty.channel.unix.FileDescriptor;
import io.netty.channel.unix.Socket;
import org.jspecify.annotations.Nullable;

/**
 * The master's end of a hand-off socket: descriptors of connections to one worker for one
 * listener. It owns a copy of each descriptor from the moment that it is sent until the
 * worker's ack, which closes it; acks come in the order of the descriptors, so that their
 * number says which. Everything happens on the event loop that it is registered with.
 */
public final class DescriptorSender implements EpollIoHandle {

	/**
	 * Most descriptors that may wait for their ack. The kernel takes about 278 on a
	 * socket, and the fewer wait, the fewer move when a worker dies.
	 */
	private static final int MAX_UNACKNOWLEDGED = 128;

	private static final long PAUSE_MILLIS = 10;

	private static final EpollIoOps READ_AND_WRITE = EpollIoOps.EPOLLIN.with(EpollIoOps.EPOLLOUT);

	private final Socket socket;

	private final long peerPid;

	private final IoEventLoop loop;

	private final Listener listener;

	private final DescriptorQueue unacknowledged = new DescriptorQueue();

	private final ByteBuffer buffer = ByteBuffer.allocateDirect(256);

	private @Nullable IoRegistration registration;

	private boolean greeted;

	private boolean blocked;

	private boolean closed;

	DescriptorSender(Socket socket, long peerPid, IoEventLoop loop, Listener listener) {
		this.socket = socket;
		this.peerPid = peerPid;
		this.loop = loop;
		this.listener = listener;
	}

	void start(IoRegistration registration) {
		this.registration = registration;
		registration.submit(EpollIoOps.EPOLLIN);
	}

	/**
	 * Returns the process id of the worker as the kernel knows it.
	 * @return the process id
	 */
	public long peerPid() {
		return this.peerPid;
	}

	/**
	 * Tells whether a descriptor can be sent now.
	 * @return whether {@link #send} is worth a try
	 */
	public boolean isWritable() {
		return this.greeted && !this.blocked && !this.closed && this.unacknowledged.size() < MAX_UNACKNOWLEDGED;
	}

	/**
	 * Returns how many descriptors wait for their ack.
	 * @return the number
	 */
	public int unacknowledged() {
		return this.unacknowledged.size();
	}

	/**
	 * Sends a descriptor.
	 * @param descriptor the descriptor, taken over if it was sent, else still the
	 * caller's
	 * @return whether it was sent
	 */
	public boolean send(int descriptor) {
		if (!isWritable()) {
			return false;
		}
		try {
			if (this.socket.sendFd(descriptor) < 0) {
				block();
				return false;
			}
		}
		catch (IOException ex) {
			pause();
			return false;
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
			if (!this.closed) {
				this.blocked = false;
				this.listener.writable(this);
			}
		}, PAUSE_MILLIS, TimeUnit.MILLISECONDS);
	}

	private void submit(EpollIoOps ops) {
		if (this.registration != null && this.registration.isValid()) {
			this.registration.submit(ops);
		}
	}

	@Override
	public FileDescriptor fd() {
		return this.socket;
	}

	@Override
	public void handle(IoRegistration registration, IoEvent event) {
		if (this.closed) {
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

	/**
	 * Reads all that there is.
	 * @return whether the worker is still there
	 */
	private boolean read() {
		try {
			while (true) {
				this.buffer.clear();
				int count = this.socket.recv(this.buffer, 0, this.buffer.capacity());
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
		int start = 0;
		if (!this.greeted) {
			if (count < Integer.BYTES) {
				return false;
			}
			this.greeted = true;
			start = Integer.BYTES;
			if (!this.listener.greeted(this, this.buffer.getInt(0))) {
				return false;
			}
		}
		int acknowledged = 0;
		for (int i = start; i < count; i++) {
			acknowledged += this.buffer.get(i) & 0xFF;
		}
		if (acknowledged > this.unacknowledged.size()) {
			return false;
		}
		this.unacknowledged.close(acknowledged);
		return true;
	}

	/**
	 * Closes the socket and gives the descriptors without an ack back to the listener: no
	 * worker has read from them.
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
		this.listener.closed(this, this.unacknowledged);
	}

	/**
	 * Hears what happens on a sender, on its event loop.
	 */
	public interface Listener {

		/**
		 * The worker has said which listener's connections it takes.
		 * @param sender the sender, writable from now on
		 * @param listener the listener's number
		 * @return whether there is such a listener; if not, the sender is closed
		 */
		boolean greeted(DescriptorSender sender, int listener);

		/**
		 * The sender can take descriptors again.
		 * @param sender the sender
		 */
		void writable(DescriptorSender sender);

		/**
		 * The worker is gone, or does not want more.
		 * @param sender the sender
		 * @param unacknowledged the descriptors that the worker did not take, to be taken
		 * over
		 */
		void closed(DescriptorSender sender, DescriptorQueue unacknowledged);

	}

}
