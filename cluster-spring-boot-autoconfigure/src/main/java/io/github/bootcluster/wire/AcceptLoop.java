package io.github.bootcluster.wire;

import java.io.IOException;

import io.netty.channel.IoEvent;
import io.netty.channel.IoRegistration;
import io.netty.channel.epoll.EpollIoOps;
import io.netty.channel.unix.Socket;

/**
 * Accepts on a worker's copy of a listening socket, which it owns. Other processes may
 * accept on it, too: that nothing is left when one's turn comes is no failure, and who
 * takes many at a time takes them from the idle.
 */
final class AcceptLoop extends WatchedSocket {

	private final BorrowedSocket owner;

	private final byte[] peerAddress = new byte[128];

	private boolean accepting;

	/**
	 * Creates a loop that does nothing yet.
	 * @param socket the listening socket, taken over
	 * @param owner takes the connections
	 */
	AcceptLoop(Socket socket, BorrowedSocket owner) {
		super(socket);
		this.owner = owner;
	}

	@Override
	void watched() {
		submit();
	}

	@Override
	void notWatched(Throwable cause) {
		this.owner.failed(new IOException("Cannot wait for connections", cause));
	}

	void setAccepting(boolean accepting) {
		if (this.accepting != accepting) {
			this.accepting = accepting;
			submit();
		}
	}

	private void submit() {
		submit(this.accepting ? EpollIoOps.EPOLLIN : EpollIoOps.EPOLLERR);
	}

	@Override
	public void handle(IoRegistration registration, IoEvent event) {
		if (isClosed()) {
			return;
		}
		int descriptor;
		try {
			descriptor = fd().accept(this.peerAddress);
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
		closeSocket();
	}

}
