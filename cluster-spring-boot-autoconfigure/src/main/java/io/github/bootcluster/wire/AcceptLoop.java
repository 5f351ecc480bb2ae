package io.github.bootcluster.wire;

import java.io.IOException;

import io.netty.channel.IoEvent;
import io.netty.channel.IoEventLoop;
import io.netty.channel.IoRegistration;
import io.netty.channel.epoll.EpollIoHandle;
import io.netty.channel.epoll.EpollIoOps;
import io.netty.channel.unix.FileDescriptor;
import io.netty.channel.unix.Socket;
import org.jspecify.annotations.Nullable;

/**
 * Accepts on a worker's copy of a listening socket, which it owns. Other processes may
 * accept on it, too: that nothing is left when one's turn comes is no failure, and who
 * takes many at a time takes them from the idle.
 */
final class AcceptLoop implements EpollIoHandle {

	private final Socket socket;

	private final BorrowedSocket owner;

	private final byte[] peerAddress = new byte[128];

	private @Nullable IoRegistration registration;

	private boolean accepting;

	private boolean closed;

	/**
	 * Creates a loop that does nothing yet.
	 * @param socket the listening socket, taken over
	 * @param owner takes the connections
	 */
	AcceptLoop(Socket socket, BorrowedSocket owner) {
		this.socket = socket;
		this.owner = owner;
	}

	void register(IoEventLoop loop) {
		loop.register(this).addListener((future) -> {
			if (!future.isSuccess()) {
				this.owner.failed(new IOException("Cannot wait for connections", future.cause()));
				return;
			}
			this.registration = (IoRegistration) future.getNow();
			if (this.closed) {
				this.registration.cancel();
			}
			submit();
		});
	}

	void setAccepting(boolean accepting) {
		if (this.accepting != accepting) {
			this.accepting = accepting;
			submit();
		}
	}

	private void submit() {
		if (this.registration != null && this.registration.isValid()) {
			// An empty set would end the registration
			this.registration.submit(this.accepting ? EpollIoOps.EPOLLIN : EpollIoOps.EPOLLERR);
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
		int descriptor;
		try {
			descriptor = this.socket.accept(this.peerAddress);
		}
		catch (IOException ex) {
			this.owner.failed(ex);
			return;
		}
		if (descriptor >= 0) {
			this.owner.accepted(descriptor);
		}
	}

	@Override
	public void close() {
		this.closed = true;
		WatchedSocket.close(this.socket, this.registration);
	}

}
