package io.github.bootcluster.master;

import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;

import io.github.bootcluster.Cluster;
import io.github.bootcluster.ClusterWorker;
import io.github.bootcluster.distribution.ConnectionDistributor;
import io.github.bootcluster.process.LaunchRequest;
import io.github.bootcluster.process.SnapshotException;
import io.github.bootcluster.process.WorkerLauncher;
import io.github.bootcluster.wire.ControlServer;
import io.github.bootcluster.wire.SocketDirectory;
import io.github.bootcluster.wire.Transport;
import io.github.bootcluster.wire.WorkDirectoryException;
import io.github.bootcluster.wire.WorkerIdentity;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.IoEventLoop;
import org.jspecify.annotations.Nullable;

import org.springframework.context.ApplicationEventPublisher;

/**
 * The master's role as a whole: it puts the parts together, starts and stops them.
 */
public final class ClusterMaster implements AutoCloseable {

	/**
	 * On few processors workers that start side by side only slow each other.
	 */
	private static final int PARALLEL_STARTS = Math.max(1, Runtime.getRuntime().availableProcessors() / 2);

	private final SocketDirectory directory;

	private final EventLoopGroup loop;

	private final EventThread thread = new DefaultEventThread("cluster-supervisor");

	private final MasterEvents events;

	private final SnapshotGenerations generations;

	private final Supervisor supervisor;

	private final ControlServer controlServer;

	private final AtomicBoolean closed = new AtomicBoolean();

	private ClusterMaster(MasterSettings settings, Map<String, WorkerTemplate> templates, Transport transport,
			SocketDirectory directory, EventLoopGroup loop, Supplier<ConnectionDistributor> distributors,
			ApplicationEventPublisher publisher) throws IOException {
		this.directory = directory;
		this.loop = loop;
		this.events = new MasterEvents(publisher);
		Listeners listeners = (transport == Transport.EPOLL)
				? HandoffListeners.open(directory, (IoEventLoop) loop.next(), distributors)
				: new ReusePortListeners(this.thread);
		this.generations = new SnapshotGenerations(template(templates, ClusterWorker.DEFAULT_GROUP).command(),
				directory.generations());
		this.supervisor = new Supervisor(settings, this.generations, forker(templates, this.generations, directory),
				listeners, this.events, this.thread, PARALLEL_STARTS, () -> ThreadLocalRandom.current().nextDouble());
		this.controlServer = ControlServer.open(directory, transport, loop,
				new ControlFrames(this.supervisor, listeners, this.thread));
	}

	/**
	 * Creates a master that does nothing yet.
	 * @param settings what to go by
	 * @param templates what to start workers with, by group: the default one and those of
	 * the settings
	 * @param workDirectory where to put the sockets, or {@code null} for a temporary
	 * folder
	 * @param distributors creates the distributor of each listener
	 * @param publisher publishes the events
	 * @return the master
	 * @throws WorkDirectoryException if the sockets cannot be put there
	 */
	public static ClusterMaster create(MasterSettings settings, Map<String, WorkerTemplate> templates,
			@Nullable Path workDirectory, Supplier<ConnectionDistributor> distributors,
			ApplicationEventPublisher publisher) {
		Transport transport = Transport.detect();
		SocketDirectory directory = SocketDirectory.create(workDirectory);
		EventLoopGroup loop = transport.newEventLoop("cluster-io");
		try {
			return new ClusterMaster(settings, templates, transport, directory, loop, distributors, publisher);
		}
		catch (IOException ex) {
			directory.close();
			loop.shutdownGracefully();
			throw new WorkDirectoryException(directory.path(), ex);
		}
	}

	private static WorkerTemplate template(Map<String, WorkerTemplate> templates, String group) {
		return Objects.requireNonNull(templates.get(group), group);
	}

	private static WorkerForker forker(Map<String, WorkerTemplate> templates, SnapshotGenerations generations,
			SocketDirectory directory) {
		WorkerLauncher launcher = WorkerLauncher.create(System.out);
		return (id, group, slot, generation) -> {
			WorkerTemplate template = template(templates, group);
			Map<String, String> environment = new HashMap<>(template.environment());
			environment.putAll(new WorkerIdentity(id, group, slot, generation, directory.control()).toEnvironment());
			return launcher.launch(new LaunchRequest(WorkerGroup.workerName(group, slot),
					generations.command(template.command(), generation), environment));
		};
	}

	/**
	 * Starts the cluster and waits until its first worker is ready.
	 * @throws FirstWorkerFailedException if it does not become ready
	 * @throws SnapshotException if the application cannot be copied
	 */
	public void start() {
		new MasterSignals(this.supervisor, this::deleteFiles).install();
		try {
			this.supervisor.start().toCompletableFuture().join();
		}
		catch (CompletionException ex) {
			if (ex.getCause() instanceof RuntimeException cause) {
				throw cause;
			}
			throw ex;
		}
	}

	/**
	 * Returns the cluster as the master's beans may use it.
	 * @return the cluster
	 */
	public Cluster cluster() {
		return new MasterCluster(this.supervisor);
	}

	/**
	 * Lets all workers finish, and waits until they have ended.
	 */
	@Override
	public void close() {
		if (!this.closed.compareAndSet(false, true)) {
			return;
		}
		this.supervisor.stop().toCompletableFuture().join();
		this.controlServer.close();
		this.thread.close();
		this.events.close();
		this.loop.shutdownGracefully();
		deleteFiles();
	}

	private void deleteFiles() {
		// First what may still be writing there
		this.generations.close();
		this.directory.close();
	}

}
