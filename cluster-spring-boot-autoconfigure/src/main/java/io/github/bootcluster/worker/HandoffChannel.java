package io.github.bootcluster.worker;

import java.io.IOException;
import java.nio.channels.NotYetConnectedException;

import io.netty.channel.ServerChannel;
import io.netty.channel.epoll.AbstractEpollStreamChannel;
import io.netty.channel.unix.Socket;

/**
 * Connection that the master has handed over. It owns its descriptor until that is
 * {@linkplain #detach() detached}.
 */
abstract sealed class HandoffChannel extends AbstractEpollStreamChannel
		permits HandoffSocketChannel, HandoffDomainChannel {

	private volatile boolean detached;

	HandoffChannel(ServerChannel parent, int descriptor) {
		super(parent, descriptor);
	}

	Socket socket() {
		return (Socket) fd();
	}

	/**
	 * Tells whether the application has said itself what its close does.
	 * @return whether the connection shall just be closed
	 */
	abstract boolean isLingering();

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
		if (this.detached) {
			this.active = false;
			doDeregister();
			return;
		}
		try {
			if (socket().isOpen() && !isLingering()) {
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
