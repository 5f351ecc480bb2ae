package io.github.bootcluster.message.support;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

import io.github.bootcluster.ClusterFigures;
import io.github.bootcluster.ClusterStatus;
import io.github.bootcluster.ClusterWorker;
import io.github.bootcluster.ListenerKind;
import io.github.bootcluster.WorkerState;
import io.github.bootcluster.event.WorkerMessageEvent;
import io.github.bootcluster.message.ClusterMessages;
import io.github.bootcluster.wire.ControlConnection;
import io.github.bootcluster.wire.ControlListener;
import io.github.bootcluster.wire.ControlServer;
import io.github.bootcluster.wire.Frame;
import io.github.bootcluster.wire.SocketDirectory;
import io.github.bootcluster.wire.Transport;
import io.github.bootcluster.wire.WorkerIdentity;
import io.github.bootcluster.worker.MasterConnection;
import io.netty.channel.EventLoopGroup;

/**
 * What messages go through, without the rest of a master: real sockets, and workers in
 * this process.
 */
final class MessageNetwork implements ControlListener, AutoCloseable {

	private final EventLoopGroup loop = Transport.detect().newEventLoop("test-master");

	private final MessageRouter router = new MessageRouter();

	private final Collection<WorkerMessageEvent> events = new ConcurrentLinkedQueue<>();

	private final MasterMessages master = new MasterMessages(this.router,
			(event) -> this.events.add((WorkerMessageEvent) event),
			() -> new ClusterStatus(1, 1, 1, ClusterFigures.NONE, List.of(), List.of(), null));

	private final Map<Integer, ControlConnection> connections = new ConcurrentHashMap<>();

	private final BlockingQueue<Frame> others = new LinkedBlockingQueue<>();

	private final SocketDirectory directory;

	private final ControlServer server;

	MessageNetwork(Path base) throws IOException {
		this.directory = SocketDirectory.create(base);
		this.server = ControlServer.open(this.directory, Transport.detect(), this.loop, this);
		this.master.open();
	}

	/**
	 * Adds a worker that handles messages.
	 * @param id its id, which is its slot, too
	 * @return its messages
	 */
	ClusterMessages worker(int id) {
		MasterConnection connection = starting(id);
		connection.messages().open();
		this.router.ready(connection(id));
		return of(connection);
	}

	/**
	 * Adds a worker that is not yet open for messages.
	 * @param id its id, which is its slot, too
	 * @return its connection
	 */
	MasterConnection starting(int id) {
		return MasterConnection
			.open(new WorkerIdentity(id, ClusterWorker.DEFAULT_GROUP, id, 1, this.directory.control()), "test");
	}

	static ClusterMessages of(MasterConnection connection) {
		return connection.messages().with(JacksonMessageConverter.plain());
	}

	ClusterMessages master() {
		return this.master.with(JacksonMessageConverter.plain());
	}

	ControlConnection connection(int id) {
		ControlConnection connection = this.connections.get(id);
		if (connection == null) {
			throw new IllegalStateException("no worker " + id);
		}
		return connection;
	}

	SocketDirectory directory() {
		return this.directory;
	}

	/**
	 * Returns what workers have sent that has nothing to do with messages.
	 * @return the frames, to be waited for
	 */
	BlockingQueue<Frame> others() {
		return this.others;
	}

	Collection<WorkerMessageEvent> events() {
		return this.events;
	}

	@Override
	public void received(ControlConnection connection, Frame frame) {
		if (frame instanceof Frame.Hello hello) {
			this.router.register(new ClusterWorker(hello.worker(), ClusterWorker.DEFAULT_GROUP, hello.worker(),
					hello.pid(), WorkerState.ONLINE, 1, Instant.EPOCH, null, null, null, null), connection);
			this.connections.put(hello.worker(), connection);
			connection.send(new Frame.Welcome(ListenerKind.HANDOFF));
		}
		else if (!(frame instanceof Frame.Carried message) || !this.router.received(connection, message)) {
			this.others.add(frame);
		}
	}

	@Override
	public void closed(ControlConnection connection) {
		this.router.closed(connection);
	}

	@Override
	public void close() throws Exception {
		this.server.close();
		this.loop.shutdownGracefully(0, 20, TimeUnit.SECONDS).await();
		this.directory.close();
	}

}
