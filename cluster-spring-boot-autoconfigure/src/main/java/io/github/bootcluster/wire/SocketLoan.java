package io.github.bootcluster.wire;

import java.io.IOException;
import java.nio.ByteBuffer;

import io.netty.channel.IoEvent;
import io.netty.channel.IoRegistration;
import io.netty.channel.epoll.EpollIoOps;
import io.netty.channel.unix.Socket;

/**
 * The master's end of a hand-off socket over which it lends a worker a listening socket.
 * The worker may accept on it for as long as the hand-off socket is open: either end ends
 * the loan by closing that. The listening socket itself stays with its owner, who never
 * waits for the worker: what is queued there is not lost with it. Everything happens on
 * the event loop that the loan is registered with.
 */
public final class SocketLoan extends WatchedSocket {

	/**
	 * What a worker says that accepts. Any other byte says that it does not.
	 */
	static final byte ACCEPTS = 1;

	/**
	 * What a worker says that leaves connections in the queue.
	 */
	static final byte PAUSES = 0;

	private final Listener listener;

	private final ByteBuffer buffer = ByteBuffer.allocateDirect(1);

	private boolean awaitingAnswer;

	private long sentAt;

	private boolean lent;

	private boolean accepting;

	SocketLoan(Socket socket, Listener listener) {
		super(socket);
		this.listener = listener;
	}

	@Override
	void watched() {
		submit(EpollIoOps.EPOLLIN);
		this.listener.asked(this);
	}

	/**
	 * Lends a listening socket, or asks whether the worker that has it still answers. A
	 * worker that was asked already is not asked again. If the socket cannot be sent, the
	 * loan ends.
	 * @param descriptor the listening socket, always the same, which stays the caller's
	 */
	public void lend(int descriptor) {
		if (isClosed() || this.awaitingAnswer) {
			return;
		}
		try {
			if (fd().sendFd(descriptor) < 0) {
				close();
				return;
			}
		}
		catch (IOException ex) {
			close();
			return;
		}
		this.lent = true;
		this.awaitingAnswer = true;
		this.sentAt = System.nanoTime();
	}

	/**
	 * Tells whether a listening socket has been sent.
	 */
	public boolean isLent() {
		return this.lent;
	}

	/**
	 * Tells whether the worker accepts.
	 * @return what it said last, {@code false} if it has said nothing
	 */
	public boolean isAccepting() {
		return this.accepting && !isClosed();
	}

	/**
	 * Tells for how long the worker has owed an answer.
	 * @return nanoseconds since it was asked, 0 if it has answered
	 */
	public long silence(long now) {
		return this.awaitingAnswer ? now - this.sentAt : 0;
	}

	@Override
	public void handle(IoRegistration registration, IoEvent event) {
		if (isClosed()) {
			return;
		}
		int count;
		try {
			this.buffer.clear();
			count = fd().recv(this.buffer, 0, 1);
		}
		catch (IOException ex) {
			count = -1;
		}
		if (count < 0) {
			close();
		}
		else if (count > 0) {
			told(this.buffer.get(0) == ACCEPTS);
		}
	}

	private void told(boolean accepting) {
		// Whatever it says, it has answered
		this.awaitingAnswer = false;
		if (this.accepting != accepting && this.lent) {
			this.accepting = accepting;
			this.listener.changed(this);
		}
	}

	/**
	 * Ends the loan: the worker closes its copy of the listening socket.
	 */
	@Override
	public void close() {
		if (closeSocket()) {
			this.listener.ended(this);
		}
	}

	/**
	 * Hears what becomes of a loan, on its event loop.
	 */
	public interface Listener {

		/**
		 * A worker wants to borrow a listening socket.
		 */
		void asked(SocketLoan loan);

		/**
		 * The worker has begun to accept, or ceased.
		 */
		void changed(SocketLoan loan);

		/**
		 * The loan has ended, by either side.
		 */
		void ended(SocketLoan loan);

	}

}
