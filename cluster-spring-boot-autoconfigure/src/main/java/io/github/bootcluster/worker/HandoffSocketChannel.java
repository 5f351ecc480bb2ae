package io.github.bootcluster.worker;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.channels.NotYetConnectedException;

import io.netty.channel.epoll.AbstractEpollStreamChannel;
import io.netty.channel.socket.ServerSocketChannel;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.unix.Socket;

/**
 * Connection that the master has handed over. It owns its descriptor until that is
 * {@linkplain #detach() detached}.
 */
final class HandoffSocketChannel extends AbstractEpollStreamChannel implements SocketChannel {

	private final ConnectionTally tally;

	private final HandoffSocketChannelConfig config;

	private volatile boolean detached;

	private boolean ended;

	/**
	 * Creates the channel.
	 * @param parent the server channel
	 * @param descriptor the connection's descriptor, taken over unless this fails
	 * @param tally takes note of the end
	 */
	HandoffSocketChannel(ServerSocketChannel parent, int descriptor, ConnectionTally tally) {
		super(parent, descriptor);
		this.tally = tally;
		this.config = new HandoffSocketChannelConfig(this);
	}

	Socket socket() {
		return (Socket) fd();
	}

	@Override
	public HandoffSocketChannelConfig config() {
		return this.config;
	}

	@Override
	public ServerSocketChannel parent() {
		return (ServerSocketChannel) super.parent();
	}

	@Override
	public InetSocketAddress localAddress() {
		return (InetSocketAddress) super.localAddress();
	}

	@Override
	public InetSocketAddress remoteAddress() {
		return (InetSocketAddress) super.remoteAddress();
	}

	/**
	 * Closes this channel and leaves its connection open. The event loop calls, when
	 * nothing is left to write.
	 * @return the descriptor, which now belongs to the caller
	 */
	int detach() {
		this.detached = true;
		// Past all handlers: none may put it off
		unsafe().close(voidPromise());
		return socket().intValue();
	}

	@Override
	public boolean isOpen() {
		return !this.detached && super.isOpen();
	}

	/**
	 * Ends the connection even if the master still holds its copy of the descriptor,
	 * until it has read the ack: only the last copy's close would tell the client.
	 */
	@Override
	protected void doClose() throws Exception {
		try {
			release();
		}
		finally {
			// Netty may close what it could not register twice
			if (!this.ended) {
				this.ended = true;
				this.tally.ended();
			}
		}
	}

	private void release() throws Exception {
		if (this.detached) {
			this.active = false;
			doDeregister();
			return;
		}
		try {
			if (socket().isOpen() && config().getSoLinger() < 0) {
				socket().shutdown(false, true);
			}
		}
		catch (IOException | NotYetConnectedException ex) {
			// The client was faster; Netty has the latter for whatever is not connected
		}
		finally {
			super.doClose();
		}
	}

}
