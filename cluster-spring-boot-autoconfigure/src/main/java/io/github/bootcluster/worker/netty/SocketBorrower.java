package io.github.bootcluster.worker.netty;

import java.io.IOException;
import java.util.concurrent.TimeUnit;
import java.util.function.IntSupplier;

import io.github.bootcluster.wire.BorrowedSocket;
import io.github.bootcluster.worker.MasterConnection;
import io.netty.channel.IoEventLoop;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

/**
 * Sees to it that a server channel accepts on a listening socket of the master whenever
 * the master lends it one. If it cannot accept, as with no descriptor left in this
 * process, it gives the socket back, so that somebody else does. Everything happens on
 * the channel's event loop.
 */
final class SocketBorrower implements BorrowedSocket.Listener {

	private static final Log logger = LogFactory.getLog(SocketBorrower.class);

	private static final int RETRY_SECONDS = 1;

	private final HandoffServerChannel channel;

	private final MasterConnection master;

	private final IntSupplier listenerId;

	private @Nullable BorrowedSocket borrowed;

	private boolean accepting;

	private boolean stopped;

	private boolean failing;

	/**
	 * Creates a borrower that has not asked yet.
	 */
	SocketBorrower(HandoffServerChannel channel, MasterConnection master, IntSupplier listenerId) {
		this.channel = channel;
		this.master = master;
		this.listenerId = listenerId;
	}

	/**
	 * Asks the master for a socket. It lends one once this worker may accept.
	 */
	void borrow() {
		if (this.stopped || this.master.lost().isDone()) {
			return;
		}
		try {
			BorrowedSocket asked = BorrowedSocket.ask(this.master.handoffSocket(), this.listenerId.getAsInt(), this);
			this.borrowed = asked;
			asked.setAccepting(this.accepting);
			asked.register((IoEventLoop) this.channel.eventLoop());
		}
		catch (IOException ex) {
			ended(ex);
		}
	}

	/**
	 * Lets connections come or leaves them to others.
	 */
	void setAccepting(boolean accepting) {
		this.accepting = accepting;
		if (this.borrowed != null) {
			this.borrowed.setAccepting(accepting);
		}
	}

	@Override
	public void accepted(int descriptor) {
		if (this.failing) {
			this.failing = false;
			logger.info("This worker accepts connections again");
		}
		this.channel.accepted(descriptor);
	}

	@Override
	public void ended(@Nullable IOException failure) {
		this.borrowed = null;
		if (failure != null && !this.failing) {
			this.failing = true;
			logger.warn("This worker accepts no connections for now: " + HandoffServerChannel.reason(failure));
		}
		this.channel.eventLoop().schedule(this::borrow, RETRY_SECONDS, TimeUnit.SECONDS);
	}

	/**
	 * Accepts nothing more.
	 */
	void stop() {
		this.stopped = true;
		if (this.borrowed != null) {
			this.borrowed.close();
		}
	}

}
