package io.github.bootcluster.wire;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;

import io.netty.channel.IoEvent;
import io.netty.channel.IoEventLoop;
import io.netty.channel.IoRegistration;
import io.netty.channel.epoll.EpollIoOps;
import io.netty.channel.unix.DomainSocketAddress;
import io.netty.channel.unix.Socket;
import org.jspecify.annotations.Nullable;

/**
 * Connection to the hand-off socket whose first eight bytes say what it is for: the
 * number of a listener for a worker that takes connections of it, the same number below
 * zero for one that gives connections back, and with {@link #BORROW} for one that wants
 * to accept on the listener's socket itself; and how many connections of it the worker
 * has already. It owns the connection until it has passed it on.
 */
final class HandoffGreeting extends WatchedSocket {

	/**
	 * Above the number of any listener.
	 */
	static final int BORROW = 1 << 30;

	private static final int LENGTH = 2 * Integer.BYTES;

	private final long peerPid;

	private final IoEventLoop loop;

	private final HandoffServer.Listener listener;

	private final ByteBuffer buffer = ByteBuffer.allocateDirect(LENGTH);

	private Greetings.@Nullable Pending pending;

	private HandoffGreeting(Socket socket, long peerPid, IoEventLoop loop, HandoffServer.Listener listener) {
		super(socket);
		this.peerPid = peerPid;
		this.loop = loop;
		this.listener = listener;
	}

	/**
	 * Waits for the greeting of a connection.
	 * @param socket the connection, taken over
	 */
	static void await(Socket socket, long peerPid, IoEventLoop loop, HandoffServer.Listener listener,
			Greetings greetings) {
		HandoffGreeting greeting = new HandoffGreeting(socket, peerPid, loop, listener);
		greeting.pending = greetings.await("pid " + peerPid, greeting::expire);
		greeting.watch(loop);
	}

	@Override
	void watched() {
		submit(EpollIoOps.EPOLLIN);
	}

	/**
	 * Connects a worker to the master. It blocks for as long as the kernel needs to
	 * connect two Unix sockets.
	 * @param greeting the number of a listener, below zero to give connections back, with
	 * {@link #BORROW} to accept on its socket
	 * @return the connected socket, which belongs to the caller
	 */
	static Socket connect(Path path, int greeting, int held) throws IOException {
		Socket socket = Sockets.openUnix();
		try {
			socket.connect(new DomainSocketAddress(path.toString()));
			ByteBuffer buffer = ByteBuffer.allocateDirect(LENGTH).putInt(0, greeting).putInt(Integer.BYTES, held);
			if (socket.write(buffer, 0, LENGTH) != LENGTH) {
				throw new IOException("Cannot greet the master at " + path);
			}
			return socket;
		}
		catch (IOException | RuntimeException ex) {
			socket.close();
			throw ex;
		}
	}

	@Override
	public void handle(IoRegistration registration, IoEvent event) {
		read();
	}

	/**
	 * Ends the wait. Of many that come at once some may have greeted unheard.
	 */
	private void expire() {
		if (!read()) {
			close();
		}
	}

	private boolean read() {
		if (isClosed()) {
			return true;
		}
		try {
			int length = fd().recv(this.buffer, 0, LENGTH);
			if (length == 0) {
				return false;
			}
			// Eight bytes that were written at once are never parted
			if (length < LENGTH || this.buffer.getInt(Integer.BYTES) < 0) {
				close();
				return true;
			}
		}
		catch (IOException ex) {
			close();
			return true;
		}
		endPending();
		Socket greeted = release();
		if (greeted != null) {
			passOn(greeted, this.buffer.getInt(0), this.buffer.getInt(Integer.BYTES));
		}
		return true;
	}

	private void endPending() {
		if (this.pending != null) {
			this.pending.end();
			this.pending = null;
		}
	}

	private void passOn(Socket greeted, int greeting, int held) {
		if (greeting >= BORROW) {
			borrow(greeted, greeting - BORROW);
			return;
		}
		if (greeting > 0) {
			DescriptorSender sender = new DescriptorSender(greeted, this.peerPid, held, this.loop, this.listener);
			sender.register((started) -> {
				if (!this.listener.takes(started, greeting)) {
					started.close();
				}
			});
			return;
		}
		DescriptorReceiver.Listener taker = this.listener.gives(this.peerPid, -greeting);
		if (taker == null) {
			WatchedSocket.close(greeted, null);
			return;
		}
		DescriptorReceiver receiver = new DescriptorReceiver(greeted, taker);
		receiver.setReading(true);
		receiver.register(this.loop);
	}

	private void borrow(Socket greeted, int listenerId) {
		SocketLoan.Listener lender = this.listener.lends(this.peerPid, listenerId);
		if (lender == null) {
			WatchedSocket.close(greeted, null);
			return;
		}
		new SocketLoan(greeted, lender).watch(this.loop);
	}

	@Override
	public void close() {
		endPending();
		closeSocket();
	}

}
