package io.github.bootcluster.worker.netty;

import java.io.IOException;
import java.net.SocketAddress;
import java.util.concurrent.TimeUnit;

import io.github.bootcluster.ListenerKind;
import io.github.bootcluster.wire.DescriptorQueue;
import io.github.bootcluster.wire.DescriptorReceiver;
import io.github.bootcluster.wire.Frame;
import io.github.bootcluster.worker.MasterConnection;
import io.netty.buffer.ByteBuf;
import io.netty.channel.AbstractServerChannel;
import io.netty.channel.EventLoop;
import io.netty.channel.IoEventLoop;
import io.netty.channel.epoll.EpollIoHandle;
import io.netty.channel.socket.ServerSocketChannelConfig;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.Future;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

/**
 * Server channel that asks the master to listen, and whose accepted connections are those
 * that the master hands over, and those that it accepts itself if the master lends it a
 * listening socket. It owns the ways on which their descriptors come; each connection's
 * channel owns its descriptor.
 */
abstract sealed class HandoffServerChannel extends AbstractServerChannel implements DescriptorReceiver.Listener
		permits HandoffServerSocketChannel, HandoffServerDomainChannel {

	private static final Log logger = LogFactory.getLog(HandoffServerChannel.class);

	private static final int RECONNECT_SECONDS = 1;

	private final MasterConnection master;

	private final HandoffServerChannelConfig config = new HandoffServerChannelConfig(this);

	private final ConnectionTally tally = new ConnectionTally(this::eventLoop, this::tellEnded);

	private @Nullable DescriptorReceiver receiver;

	private @Nullable SocketBorrower borrower;

	private volatile @Nullable SocketAddress localAddress;

	private volatile boolean open = true;

	private Runnable reconnect = () -> {
	};

	private int listenerId;

	private @Nullable OpenedEnvelopes envelopes;

	private volatile @Nullable ConnectionReturn connectionReturn;

	private boolean reading;

	private volatile boolean full;

	private boolean stopped;

	private boolean cutOff;

	HandoffServerChannel(MasterConnection master) {
		this.master = master;
	}

	/**
	 * An application may have made event loops of its own.
	 */
	@Override
	protected boolean isCompatible(EventLoop loop) {
		if (loop instanceof IoEventLoop ioLoop && ioLoop.isCompatible(EpollIoHandle.class)) {
			return true;
		}
		throw new IllegalStateException("A server in a cluster needs event loops of Netty's epoll transport, not those "
				+ "that it was given: leave them out, or create them with LoopResources.create");
	}

	@Override
	protected void doBind(SocketAddress address) throws IOException {
		connect(address, this.master.nextOrdinal(address));
	}

	private void connect(SocketAddress wanted, int ordinal) throws IOException {
		Frame.Listening listening = this.master.listen(wanted, ordinal, this.config.getBacklog());
		DescriptorReceiver connected = DescriptorReceiver.connect(this.master.handoffSocket(), listening.listener(),
				this.tally.open(), this);
		this.receiver = connected;
		this.listenerId = listening.listener();
		this.envelopes = listening.enveloped() ? new OpenedEnvelopes() : null;
		this.localAddress = listening.address();
		this.reconnect = () -> reconnect(wanted, ordinal);
		connected.register((IoEventLoop) eventLoop());
		connected.setReading(this.reading);
		if (this.borrower == null && this.master.kind() != ListenerKind.HANDOFF) {
			this.borrower = new SocketBorrower(this, this.master, () -> this.listenerId);
			adjustBorrower();
			this.borrower.borrow();
		}
	}

	/**
	 * Connects again after the hand-off socket failed, as it does with no descriptor left
	 * in this process. If it is the master that is gone, this worker ends anyway.
	 */
	private void reconnect(SocketAddress wanted, int ordinal) {
		if (!this.open || this.stopped || this.master.lost().isDone()) {
			return;
		}
		try {
			connect(wanted, ordinal);
			if (this.cutOff) {
				logger.info("This worker gets connections again");
				this.cutOff = false;
			}
		}
		catch (IOException ex) {
			if (!this.cutOff) {
				logger.warn("This worker gets no connections until it can connect to the master again: " + reason(ex));
				this.cutOff = true;
			}
			ended();
		}
	}

	static String reason(IOException failure) {
		Throwable cause = failure;
		while (cause.getCause() != null) {
			cause = cause.getCause();
		}
		return String.valueOf(cause.getMessage());
	}

	@Override
	protected void doBeginRead() {
		setReading(true);
	}

	/**
	 * Ceases to read, unless somebody has asked for it again meanwhile. Any thread may
	 * call.
	 */
	void stopReading() {
		if (!isRegistered()) {
			// The event loop has nothing to do with it yet
			return;
		}
		if (eventLoop().inEventLoop()) {
			setReading(false);
			return;
		}
		eventLoop().execute(() -> {
			if (!this.config.isAutoRead()) {
				setReading(false);
			}
		});
	}

	void setReading(boolean reading) {
		this.reading = reading;
		DescriptorReceiver current = this.receiver;
		if (current != null) {
			current.setReading(reading);
		}
		adjustBorrower();
	}

	/**
	 * Takes note of whether this worker may have one more connection, over all its server
	 * channels. Any thread may call. What the master hands over it does not refuse.
	 */
	void setFull(boolean full) {
		this.full = full;
		if (isRegistered()) {
			eventLoop().execute(this::adjustBorrower);
		}
	}

	private void adjustBorrower() {
		if (this.borrower != null) {
			this.borrower.setAccepting(this.reading && !this.full);
		}
	}

	/**
	 * Gives the master back what it has handed over and nobody has taken yet, and takes
	 * no more. The channel stays open.
	 */
	Future<?> stopReceiving(boolean giveBack) {
		return eventLoop().submit(() -> {
			this.stopped = true;
			stopBorrowing();
			if (this.receiver != null) {
				this.receiver.close();
				if (giveBack) {
					this.connectionReturn = ConnectionReturn.open(this.master.handoffSocket(), this.listenerId,
							(IoEventLoop) eventLoop(), this::keep);
				}
			}
		});
	}

	private void stopBorrowing() {
		if (this.borrower != null) {
			this.borrower.stop();
		}
	}

	/**
	 * Returns the way back to the master.
	 * @return the way, or {@code null} if connections have to stay
	 */
	@Nullable ConnectionReturn connectionReturn() {
		return this.connectionReturn;
	}

	/**
	 * Gives a connection that nothing has been read from, or all that was has been
	 * answered, back to the master. The connection's event loop calls.
	 * @param connection the connection, whose channel is closed afterwards
	 */
	boolean giveBack(HandoffChannel connection) {
		ConnectionReturn way = this.connectionReturn;
		if (way == null || way.isClosed() || !connection.isDetachable()) {
			return false;
		}
		way.announce();
		int descriptor = connection.detach();
		eventLoop().execute(() -> way.give(descriptor));
		return true;
	}

	private void keep(int descriptor) {
		accept(descriptor, null, null);
		pipeline().fireChannelReadComplete();
	}

	@Override
	public void received(DescriptorReceiver receiver, int[] descriptors, int count) {
		for (int i = 0; i < count; i++) {
			if (this.envelopes != null) {
				open(descriptors[i], this.envelopes);
			}
			else {
				accept(descriptors[i], null, this.tally);
			}
		}
		readComplete();
	}

	/**
	 * Serves a connection that this worker has accepted itself.
	 * @param descriptor the connection's descriptor, taken over
	 */
	void accepted(int descriptor) {
		accept(descriptor, null, null);
		readComplete();
	}

	private void readComplete() {
		pipeline().fireChannelReadComplete();
		if (!this.config.isAutoRead()) {
			setReading(false);
		}
	}

	private void open(int envelope, OpenedEnvelopes opened) {
		try {
			int descriptor = opened.open(envelope);
			accept(descriptor, opened.beginning(), this.tally);
		}
		catch (IOException ex) {
			logger.warn("A connection is lost, as its envelope cannot be opened: " + ex.getMessage());
			this.tally.began();
			this.tally.ended();
		}
	}

	/**
	 * Serves a connection.
	 * @param descriptor the connection's descriptor, taken over
	 * @param beginning what the master has read from it, taken over, if that is something
	 */
	private void accept(int descriptor, @Nullable ByteBuf beginning, @Nullable ConnectionTally counted) {
		if (counted != null) {
			counted.began();
		}
		HandoffChannel accepted;
		try {
			accepted = newConnection(descriptor, counted, beginning);
		}
		catch (RuntimeException ex) {
			// The client has gone already, so that no option can be set
			DescriptorQueue.release(descriptor);
			ReferenceCountUtil.release(beginning);
			if (counted != null) {
				counted.ended();
			}
			return;
		}
		pipeline().fireChannelRead(accepted);
	}

	/**
	 * Creates the channel of a connection.
	 * @param descriptor the connection's descriptor, taken over unless this fails
	 */
	abstract HandoffChannel newConnection(int descriptor, @Nullable ConnectionTally tally, @Nullable ByteBuf beginning);

	private void tellEnded(int count) {
		if (this.receiver != null) {
			this.receiver.tellEnded(count);
		}
	}

	@Override
	public void ended() {
		eventLoop().schedule(this.reconnect, RECONNECT_SECONDS, TimeUnit.SECONDS);
	}

	@Override
	protected void doClose() {
		this.open = false;
		stopBorrowing();
		if (this.receiver != null) {
			this.receiver.close();
			if (!this.stopped) {
				this.master.unlisten(this.listenerId);
			}
		}
	}

	@Override
	public boolean isOpen() {
		return this.open;
	}

	@Override
	public boolean isActive() {
		return this.open && this.localAddress != null;
	}

	@Override
	public ServerSocketChannelConfig config() {
		return this.config;
	}

	@Override
	protected @Nullable SocketAddress localAddress0() {
		return this.localAddress;
	}

}
