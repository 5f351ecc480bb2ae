package io.github.bootcluster.master.listen;

import java.io.IOException;
import java.net.SocketAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

import io.github.bootcluster.wire.Envelopes;
import io.github.bootcluster.wire.SocketLoan;
import io.github.bootcluster.wire.Sockets;
import io.netty.channel.IoEvent;
import io.netty.channel.IoEventLoop;
import io.netty.channel.IoRegistration;
import io.netty.channel.epoll.EpollIoHandle;
import io.netty.channel.epoll.EpollIoOps;
import io.netty.channel.unix.DomainSocketAddress;
import io.netty.channel.unix.FileDescriptor;
import io.netty.channel.unix.Socket;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

/**
 * Listening socket, which it owns, with the dispatcher of its connections. It accepts
 * only while some worker can take a connection: the others wait in the kernel's queue,
 * where they are not lost. While workers that it is lent to accept on it, it leaves that
 * to them. Everything happens on one event loop.
 */
final class Listener implements EpollIoHandle {

	private static final Log logger = LogFactory.getLog(Listener.class);

	private static final int BATCH = 64;

	/**
	 * A client that comes so soon after the last one is one of many.
	 */
	private static final long RUSH_NANOS = TimeUnit.MILLISECONDS.toNanos(1);

	private static final long PAUSE_MILLIS = 100;

	/**
	 * A pause so soon after another one is not worth a further line: a descriptor that is
	 * free for a moment ends none.
	 */
	private static final long SILENCE_NANOS = TimeUnit.MILLISECONDS.toNanos(500);

	private final Socket socket;

	private final SocketAddress address;

	private final @Nullable UnixSocketFile file;

	private final Dispatcher dispatcher;

	private final DescriptorReserve reserve;

	private final ConnectionCounts counts;

	private final IoEventLoop loop;

	private final List<SocketLoan> loans = new ArrayList<>();

	private final byte[] peerAddress = new byte[25];

	private final @Nullable ProxiedConnections proxied;

	private @Nullable IoRegistration registration;

	private boolean accepting;

	private boolean paused;

	private long acceptedAt = System.nanoTime();

	private long pausedAt = System.nanoTime() - 2 * SILENCE_NANOS;

	private Listener(Socket socket, SocketAddress address, @Nullable UnixSocketFile file, Dispatcher dispatcher,
			Shared shared) {
		this.socket = socket;
		this.address = address;
		this.file = file;
		this.dispatcher = dispatcher;
		this.reserve = shared.reserve();
		this.counts = shared.counts();
		this.loop = shared.loop();
		this.proxied = (shared.envelopes() != null)
				? new ProxiedConnections(this.loop, shared.envelopes(), dispatcher, this::adjust) : null;
	}

	/**
	 * Begins to listen.
	 */
	static Listener open(SocketAddress wanted, int backlog, AddressUse use, Dispatcher dispatcher, Shared shared)
			throws IOException {
		Socket socket = (wanted instanceof DomainSocketAddress) ? Sockets.openUnix() : Sockets.openTcp();
		try {
			UnixSocketFile file = null;
			if (wanted instanceof DomainSocketAddress unix) {
				file = UnixSocketFile.listen(socket, Path.of(unix.path()), backlog);
			}
			else {
				socket.setReuseAddress(true);
				use.bind(socket, wanted);
				socket.listen(backlog);
			}
			SocketAddress address = (file != null) ? wanted : socket.localAddress();
			Listener listener = new Listener(socket, address, file, dispatcher, shared);
			shared.loop()
				.register(listener)
				.addListener((future) -> listener.registered(future.isSuccess(), future.getNow()));
			return listener;
		}
		catch (IOException | RuntimeException ex) {
			socket.close();
			throw ex;
		}
	}

	private void registered(boolean success, @Nullable Object result) {
		if (success && result instanceof IoRegistration valid) {
			this.registration = valid;
			valid.submit(this.accepting ? EpollIoOps.EPOLLIN : EpollIoOps.EPOLLERR);
		}
	}

	SocketAddress address() {
		return this.address;
	}

	/**
	 * Tells whether connections come to workers with what was read from them.
	 */
	boolean isEnveloped() {
		return this.proxied != null;
	}

	void lend(SocketLoan loan) {
		this.loans.add(loan);
		loan.lend(this.socket.intValue());
	}

	/**
	 * Asks the workers that have this socket whether they still answer.
	 */
	void probe() {
		for (SocketLoan loan : List.copyOf(this.loans)) {
			loan.lend(this.socket.intValue());
		}
	}

	/**
	 * Takes note that a worker accepts on this socket no more.
	 */
	void returned(SocketLoan loan) {
		if (this.loans.remove(loan)) {
			adjust();
		}
	}

	private boolean isOrphaned() {
		// Asked for every connection
		for (int i = 0; i < this.loans.size(); i++) {
			if (this.loans.get(i).isAccepting()) {
				return false;
			}
		}
		return true;
	}

	/**
	 * Begins or ceases to accept, as the dispatcher can use connections. Once the
	 * listener is closed, those that still wait are ended with its last worker.
	 */
	void adjust() {
		if (!this.socket.isOpen() && !this.dispatcher.hasTargets()) {
			abandon();
		}
		boolean accept = this.dispatcher.canAccept() && !this.paused && isOrphaned();
		if (this.accepting != accept) {
			this.accepting = accept;
			if (this.registration != null && this.registration.isValid()) {
				// An empty set would end the registration
				this.registration.submit(accept ? EpollIoOps.EPOLLIN : EpollIoOps.EPOLLERR);
			}
		}
	}

	private void abandon() {
		int abandoned = this.dispatcher.abandon();
		if (abandoned > 0) {
			logger.warn("%d connections to %s are closed: no worker is left that could take them".formatted(abandoned,
					this.address));
		}
	}

	@Override
	public FileDescriptor fd() {
		return this.socket;
	}

	@Override
	public void handle(IoRegistration registration, IoEvent event) {
		if (this.socket.isOpen()) {
			if (System.nanoTime() - this.acceptedAt < RUSH_NANOS) {
				// Others run first, so that one wake-up of this thread serves several
				Thread.yield();
			}
			accept(BATCH);
			adjust();
			this.acceptedAt = System.nanoTime();
		}
	}

	/**
	 * Accepts connections while there are any and the dispatcher can use them.
	 */
	private boolean accept(int most) {
		try {
			for (int i = 0; i < most && this.dispatcher.canAccept(); i++) {
				int descriptor = this.socket.accept(this.peerAddress);
				if (descriptor < 0) {
					return false;
				}
				this.counts.accepted();
				if (this.proxied != null) {
					this.proxied.accept(descriptor);
				}
				else {
					this.dispatcher.dispatch(descriptor);
				}
				if (this.reserve.contains(descriptor)) {
					pause("the file descriptors that are left are kept for workers");
					return false;
				}
			}
			return true;
		}
		catch (IOException ex) {
			pause(ex.getMessage());
			return false;
		}
	}

	/**
	 * Ceases to accept until there are descriptors again: with none left, the event loop
	 * would be told of the same waiting connection again and again.
	 */
	private void pause(@Nullable String reason) {
		long now = System.nanoTime();
		if (now - this.pausedAt > SILENCE_NANOS) {
			logger.warn(
					"Cannot accept on %s, connections wait in the kernel's queue: %s".formatted(this.address, reason));
		}
		this.pausedAt = now;
		this.paused = true;
		this.loop.schedule(this::resume, PAUSE_MILLIS, TimeUnit.MILLISECONDS);
	}

	private void resume() {
		if (this.socket.isOpen() && this.reserve.isNext()) {
			this.pausedAt = System.nanoTime();
			this.loop.schedule(this::resume, PAUSE_MILLIS, TimeUnit.MILLISECONDS);
			return;
		}
		this.paused = false;
		adjust();
	}

	/**
	 * Keeps further clients away, who are refused as soon as this listener is closed.
	 * Those that are connecting already are still queued.
	 */
	void keepOthersAway() {
		if (this.file != null) {
			this.file.delete();
		}
		else if (this.socket.isOpen()) {
			SynFilter.attach(this.socket);
		}
	}

	/**
	 * Closes this listener if nobody is queued. Between the look and the end there is no
	 * time for anybody to come.
	 */
	void closeIfEmpty() {
		if (this.socket.isOpen() && !this.paused && this.dispatcher.canAccept() && !accept(Integer.MAX_VALUE)
				&& !this.paused) {
			close();
		}
	}

	/**
	 * Tells whether there is nothing more to hand over.
	 */
	boolean isFinished() {
		return !this.socket.isOpen() && (this.proxied == null || this.proxied.isEmpty());
	}

	/**
	 * Accepts what is queued already, for as far as workers can take it at once, then
	 * listens no more.
	 */
	@Override
	public void close() {
		if (!this.socket.isOpen()) {
			return;
		}
		if (this.file != null) {
			this.file.delete();
		}
		accept(Integer.MAX_VALUE);
		if (this.proxied != null) {
			this.proxied.settleAll();
		}
		if (this.registration != null) {
			this.registration.cancel();
		}
		try {
			// Workers may still have copies, on which nobody will accept any more
			this.socket.shutdown(true, false);
		}
		catch (IOException ex) {
			// Closed all the same
		}
		try {
			this.socket.close();
		}
		catch (IOException ex) {
			// The descriptor is released all the same: see close(2)
		}
		adjust();
	}

	/**
	 * What all listeners of the master have in common.
	 *
	 * @param reserve descriptors for when there are no others
	 * @param envelopes for connections whose first bytes the master reads, else
	 * {@code null}
	 * @param counts counts the connections
	 * @param loop the event loop of all
	 */
	record Shared(DescriptorReserve reserve, @Nullable Envelopes envelopes, ConnectionCounts counts, IoEventLoop loop) {

	}

}
