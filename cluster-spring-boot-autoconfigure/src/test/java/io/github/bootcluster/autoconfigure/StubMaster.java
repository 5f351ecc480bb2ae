package io.github.bootcluster.autoconfigure;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

import io.github.bootcluster.ClusterRole;
import io.github.bootcluster.ClusterWorker;
import io.github.bootcluster.ListenerKind;
import io.github.bootcluster.wire.ControlConnection;
import io.github.bootcluster.wire.ControlListener;
import io.github.bootcluster.wire.ControlServer;
import io.github.bootcluster.wire.Frame;
import io.github.bootcluster.wire.SocketDirectory;
import io.github.bootcluster.wire.Transport;
import io.github.bootcluster.wire.WorkerIdentity;
import io.github.bootcluster.worker.MasterConnection;
import io.netty.channel.EventLoopGroup;
import org.jspecify.annotations.Nullable;

import org.springframework.context.ApplicationContextInitializer;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.core.env.MapPropertySource;

/**
 * A master that welcomes one worker in this process and says what a test wants it to.
 */
final class StubMaster implements ControlListener, AutoCloseable {

	private final EventLoopGroup loop = Transport.detect().newEventLoop("test-master");

	private final BlockingQueue<Frame> heard = new LinkedBlockingQueue<>();

	private final SocketDirectory directory;

	private final ControlServer server;

	private volatile boolean granting;

	private volatile @Nullable ControlConnection connection;

	StubMaster(Path base) throws IOException {
		this.directory = SocketDirectory.create(base);
		this.server = ControlServer.open(this.directory, Transport.detect(), this.loop, this);
	}

	/**
	 * Lets the worker do what is to be done once.
	 */
	void grantStart() {
		this.granting = true;
	}

	/**
	 * Makes an application context a worker's.
	 * @return the initializer
	 */
	ApplicationContextInitializer<ConfigurableApplicationContext> worker() {
		return (context) -> {
			context.getEnvironment()
				.getPropertySources()
				.addFirst(new MapPropertySource(ClusterRole.PROPERTY_SOURCE_NAME,
						Map.of(ClusterRole.PROPERTY_NAME, ClusterRole.WORKER)));
			context.getBeanFactory()
				.registerSingleton("bootClusterMasterConnection", MasterConnection
					.open(new WorkerIdentity(7, ClusterWorker.DEFAULT_GROUP, 1, 1, this.directory.control()), "test"));
		};
	}

	void tell(Frame frame) {
		current().send(frame);
	}

	void disconnect() {
		current().close();
	}

	private ControlConnection current() {
		ControlConnection current = this.connection;
		if (current == null) {
			throw new IllegalStateException("there is no worker");
		}
		return current;
	}

	/**
	 * Waits for a frame of a type; those of other types are dropped.
	 * @param <T> the type
	 * @param type the type
	 * @return the frame
	 * @throws InterruptedException if the thread is interrupted
	 */
	<T extends Frame> T hear(Class<T> type) throws InterruptedException {
		while (true) {
			Frame frame = this.heard.poll(20, TimeUnit.SECONDS);
			if (frame == null) {
				throw new AssertionError("heard no " + type.getSimpleName());
			}
			if (type.isInstance(frame)) {
				return type.cast(frame);
			}
		}
	}

	boolean hasHeard(Class<? extends Frame> type) {
		return this.heard.stream().anyMatch(type::isInstance);
	}

	@Override
	public void received(ControlConnection connection, Frame frame) {
		this.connection = connection;
		if (frame instanceof Frame.Hello) {
			connection.send(new Frame.Welcome(ListenerKind.HANDOFF));
		}
		else if (frame instanceof Frame.ClaimStart claim) {
			connection.send(new Frame.StartClaimed(claim.request(), this.granting));
		}
		this.heard.add(frame);
	}

	@Override
	public void closed(ControlConnection connection) {
	}

	@Override
	public void close() throws Exception {
		this.server.close();
		this.loop.shutdownGracefully(0, 20, TimeUnit.SECONDS).await();
		this.directory.close();
	}

}
