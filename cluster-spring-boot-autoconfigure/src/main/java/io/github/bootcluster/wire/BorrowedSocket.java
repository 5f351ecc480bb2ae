package io.github.bootcluster.wire;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;

import io.netty.channel.IoEvent;
import io.netty.channel.IoEventLoop;
import io.netty.channel.IoRegistration;
import io.netty.channel.epoll.EpollIoOps;
import io.netty.channel.unix.Socket;
import org.jspecify.annotations.Nullable;

/**
 * A worker's end of a hand-off socket over which the master lends it a listening socket.
 * It owns a copy of that, and accepts on it, from the moment that it comes until either
 * end closes the hand-off socket. Everything happens on the event loop that it is
 * registered with.
 */
public final class BorrowedSocket extends WatchedSocket {

	private final Listener listener;

	private final ByteBuffer message = ByteBuffer.allocateDirect(1);

	private @Nullable IoEventLoop loop;

	private @Nullable AcceptLoop acceptLoop;

	private boolean accepting;

	private BorrowedSocket(Socket socket, Listener listener) {
		super(socket);
		this.listener = listener;
	}

	/**
	 * Asks the master for a listening socket of a listener. It blocks for as long as the
	 * kernel needs to connect two Unix sockets.
	 * @throws IOException if nobody listens at the path, or this process has no
	 * descriptor left
	 */
	public static BorrowedSocket ask(Path path, int listenerId, Listener listener) throws IOException {
		return new BorrowedSocket(HandoffGreeting.connect(path, HandoffGreeting.BORROW | listenerId, 0), listener);
	}

	/**
	 * Begins to serve the hand-off socket.
	 */
	public void register(IoEventLoop loop) {
		this.loop = loop;
		watch(loop);
	}

	@Override
	void watched() {
		submit(EpollIoOps.EPOLLIN);
	}

	/**
	 * Lets connections come, once the socket is there, or leaves them to others.
	 */
	public void setAccepting(boolean accepting) {
		if (this.accepting == accepting) {
			return;
		}
		this.accepting = accepting;
		if (this.acceptLoop != null && !isClosed()) {
			this.acceptLoop.setAccepting(accepting);
			tell();
		}
	}

	/**
	 * Tells the master whether this worker accepts, so that somebody else does if not.
	 */
	private void tell() {
		this.message.put(0, this.accepting ? SocketLoan.ACCEPTS : SocketLoan.PAUSES);
		try {
			if (fd().write(this.message, 0, 1) != 1) {
				end(new IOException("The master does not read"));
			}
		}
		catch (IOException ex) {
			// The master has ended the loan
			end(null);
		}
	}

	@Override
	public void handle(IoRegistration registration, IoEvent event) {
		if (!isClosed()) {
			receive();
		}
	}

	private void receive() {
		try {
			int descriptor = fd().recvFd();
			if (descriptor < 0) {
				end(null);
			}
			else if (descriptor == 0 && FreeDescriptors.ofThisProcess().areGone()) {
				// The kernel may have dropped it
				end(new IOException("No file descriptor is left"));
			}
			else if (descriptor > 0) {
				take(descriptor);
			}
		}
		catch (IOException ex) {
			end(ex);
		}
	}

	private void take(int descriptor) {
		if (this.acceptLoop != null) {
			// The master only wants to know whether anybody answers here
			DescriptorQueue.release(descriptor);
		}
		else {
			this.acceptLoop = new AcceptLoop(new Socket(descriptor), this);
			this.acceptLoop.setAccepting(this.accepting);
			if (this.loop != null) {
				this.acceptLoop.watch(this.loop);
			}
		}
		tell();
	}

	void accepted(int descriptor) {
		this.listener.accepted(descriptor);
	}

	/**
	 * Gives the socket back as nothing can be accepted on it. Somebody else may be able
	 * to.
	 */
	void failed(IOException failure) {
		if (isClosed()) {
			return;
		}
		// A socket that the master has shut down fails as well
		receive();
		end(failure);
	}

	private void end(@Nullable IOException failure) {
		if (!isClosed()) {
			close();
			this.listener.ended(failure);
		}
	}

	/**
	 * Accepts nothing more and ends the loan.
	 */
	@Override
	public void close() {
		if (this.acceptLoop != null && !isClosed()) {
			this.acceptLoop.close();
		}
		closeSocket();
	}

	/**
	 * Hears what comes over a borrowed socket, on its event loop.
	 */
	public interface Listener {

		/**
		 * A connection has come.
		 * @param descriptor its descriptor, which now belongs to the listener
		 */
		void accepted(int descriptor);

		/**
		 * The loan has ended.
		 * @param failure what this end could not do, or {@code null} if it was the
		 * master's wish, or the master is gone
		 */
		void ended(@Nullable IOException failure);

	}

}
