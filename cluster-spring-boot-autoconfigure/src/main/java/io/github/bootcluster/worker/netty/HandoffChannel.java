package io.github.bootcluster.worker.netty;

import java.io.IOException;
import java.nio.channels.NotYetConnectedException;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ServerChannel;
import io.netty.channel.epoll.AbstractEpollStreamChannel;
import io.netty.channel.unix.Socket;
import org.jspecify.annotations.Nullable;

/**
 * Connection that the master has handed over. It owns its descriptor until that is
 * {@linkplain #detach() detached}.
 */
abstract sealed class HandoffChannel extends AbstractEpollStreamChannel
		permits HandoffSocketChannel, HandoffDomainChannel {

	private final @Nullable ConnectionTally tally;

	private @Nullable ByteBuf beginning;

	private boolean replaying;

	private volatile boolean detached;

	private boolean ended;

	/**
	 * Creates the channel.
	 * @param descriptor the connection's descriptor, taken over unless this fails
	 */
	HandoffChannel(ServerChannel parent, int descriptor, @Nullable ConnectionTally tally, @Nullable ByteBuf beginning) {
		super(parent, descriptor);
		this.beginning = beginning;
		this.tally = tally;
	}

	Socket socket() {
		return (Socket) fd();
	}

	/**
	 * Tells whether the application has said itself what its close does.
	 */
	abstract boolean isLingering();

	/**
	 * Reads what somebody else has read before anything that is still to come.
	 */
	@Override
	protected void doBeginRead() throws Exception {
		if (this.beginning == null) {
			super.doBeginRead();
		}
		else if (!this.replaying) {
			this.replaying = true;
			// Not below the call that asks for it, as with what really comes
			eventLoop().execute(this::replay);
		}
	}

	private void replay() {
		ByteBuf bytes = this.beginning;
		this.beginning = null;
		if (bytes != null) {
			pipeline().fireChannelRead(bytes);
			pipeline().fireChannelReadComplete();
		}
	}

	/**
	 * Tells whether somebody else could go on reading.
	 */
	boolean isDetachable() {
		return this.beginning == null;
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
			if (this.tally != null && !this.ended) {
				this.ended = true;
				this.tally.ended();
			}
		}
	}

	private void release() throws Exception {
		if (this.beginning != null) {
			this.beginning.release();
			this.beginning = null;
		}
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
