package io.github.bootcluster.master;

import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Objects;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicBoolean;

import io.github.bootcluster.Cluster;
import io.github.bootcluster.ClusterWorker;
import io.github.bootcluster.master.listen.HandoffListeners;
import io.github.bootcluster.master.listen.Listeners;
import io.github.bootcluster.master.listen.UnmanagedListeners;
import io.github.bootcluster.master.supervise.ControlFrames;
import io.github.bootcluster.master.supervise.DefaultEventThread;
import io.github.bootcluster.master.supervise.EventThread;
import io.github.bootcluster.master.supervise.FirstWorkerFailedException;
import io.github.bootcluster.master.supervise.LiveSettings;
import io.github.bootcluster.master.supervise.MasterCluster;
import io.github.bootcluster.master.supervise.MasterEvents;
import io.github.bootcluster.master.supervise.MasterSignals;
import io.github.bootcluster.master.supervise.NewSettings;
import io.github.bootcluster.master.supervise.SettingsReader;
import io.github.bootcluster.master.supervise.Supervisor;
import io.github.bootcluster.master.supervise.WorkerForker;
import io.github.bootcluster.master.supervise.WorkerGroup;
import io.github.bootcluster.master.supervise.WorkerTemplate;
import io.github.bootcluster.message.ClusterMessageConverter;
import io.github.bootcluster.message.ClusterMessages;
import io.github.bootcluster.message.support.MasterMessages;
import io.github.bootcluster.process.AccountSwitch;
import io.github.bootcluster.process.HostResources;
import io.github.bootcluster.process.JvmCommand;
import io.github.bootcluster.process.LaunchException;
import io.github.bootcluster.process.LaunchRequest;
import io.github.bootcluster.process.LaunchSettings;
import io.github.bootcluster.process.SnapshotException;
import io.github.bootcluster.process.WorkerAccountException;
import io.github.bootcluster.process.WorkerLauncher;
import io.github.bootcluster.process.WorkerProcess;
import io.github.bootcluster.process.WorkerStart;
import io.github.bootcluster.wire.ApplicationExecutor;
import io.github.bootcluster.wire.ControlServer;
import io.github.bootcluster.wire.SocketDirectory;
import io.github.bootcluster.wire.SocketUser;
import io.github.bootcluster.wire.Transport;
import io.github.bootcluster.wire.WorkDirectoryException;
import io.github.bootcluster.wire.WorkerIdentity;
import io.netty.channel.IoEventLoop;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

import org.springframework.context.ApplicationEventPublisher;

/**
 * The master's role as a whole: it puts the parts together, starts and stops them.
 */
public final class MasterRuntime implements AutoCloseable {

	private static final Log logger = LogFactory.getLog(MasterRuntime.class);

	/**
	 * A JVM that starts keeps two processors busy, one of them with compilation: with
	 * more at once, the first would be ready later and the last no earlier.
	 */
	private static final int PARALLEL_STARTS = Math.max(1, Runtime.getRuntime().availableProcessors() / 2);

	/**
	 * Leads the arguments of a worker, so that a list of processes shows its slot. The
	 * application knows the property by the same value from its environment.
	 */
	private static final String MARK = "-D" + WorkerIdentity.MARK + "=";

	private final SocketDirectory directory;

	private final @Nullable Path pidPath;

	private volatile @Nullable PidFile pidFile;

	private final boolean trainingRun;

	private final MasterLoops loops;

	private final EventThread thread = new DefaultEventThread("cluster-supervisor");

	private final MasterEvents events;

	private final SnapshotGenerations generations;

	private final Supervisor supervisor;

	private final MasterMessages messages;

	private final ControlServer controlServer;

	/**
	 * What to start workers with, by the first generation that is started so.
	 */
	private final NavigableMap<Integer, Map<String, WorkerTemplate>> templates = new ConcurrentSkipListMap<>();

	private final AtomicBoolean closed = new AtomicBoolean();

	private MasterRuntime(RuntimeSettings settings, SocketDirectory directory, MasterLoops loops,
			ApplicationEventPublisher publisher) throws IOException {
		this.directory = directory;
		this.pidPath = settings.files().pidFile();
		this.trainingRun = settings.files().trainingRun();
		this.loops = loops;
		this.events = new MasterEvents(publisher);
		Listeners listeners = (loops.transport() == Transport.EPOLL)
				? HandoffListeners.open(directory, (IoEventLoop) loops.connections().next(), settings.distribution())
				: new UnmanagedListeners(this.thread, settings.distribution().addresses());
		LaunchSettings launch = settings.launch();
		AccountSwitch account = launch.account();
		this.templates.put(1, settings.templates());
		this.generations = new SnapshotGenerations(
				template(settings.templates(), ClusterWorker.DEFAULT_GROUP).command(), directory,
				(account != null) ? account.account() : null, settings.files().archives());
		Supervisor.Platform platform = new Supervisor.Platform(this.thread,
				forker(this.templates, launch, this.generations, directory),
				() -> ThreadLocalRandom.current().nextDouble(), MasterRuntime::exit);
		this.supervisor = new Supervisor(new LiveSettings(settings.cluster(), PARALLEL_STARTS), platform,
				this.generations, listeners, this.events);
		this.messages = new MasterMessages(this.supervisor.messages(), publisher, this.supervisor::status);
		this.controlServer = ControlServer.open(directory, loops.transport(), loops.control(),
				new ControlFrames(this.supervisor, listeners, this.thread));
		if (account != null) {
			account.requireReachable(directory.control());
		}
	}

	/**
	 * Creates a master that does nothing yet.
	 * @throws WorkDirectoryException if the sockets cannot be put where they should be
	 * @throws WorkerAccountException if the account of the workers cannot reach them
	 */
	public static MasterRuntime create(RuntimeSettings settings, ApplicationEventPublisher publisher) {
		if (settings.files().pidFile() != null && settings.launch().account() != null) {
			PidFile.requireTrusted(settings.files().pidFile());
		}
		SocketDirectory directory = SocketDirectory.create(settings.files().workDirectory(),
				socketUser(settings.launch()));
		MasterLoops loops = MasterLoops.start(Transport.detect());
		try {
			return new MasterRuntime(settings, directory, loops, publisher);
		}
		catch (IOException | WorkerAccountException ex) {
			directory.close();
			loops.close();
			if (ex instanceof IOException failure) {
				throw new WorkDirectoryException(directory.path(), failure);
			}
			throw (WorkerAccountException) ex;
		}
	}

	private static WorkerTemplate template(Map<String, WorkerTemplate> templates, String group) {
		return Objects.requireNonNull(templates.get(group), group);
	}

	private static @Nullable SocketUser socketUser(LaunchSettings launch) {
		AccountSwitch account = launch.account();
		return (account != null) ? new SocketUser(account.account().uid(), account.account().gid()) : null;
	}

	private static WorkerForker forker(NavigableMap<Integer, Map<String, WorkerTemplate>> templates,
			LaunchSettings launch, SnapshotGenerations generations, SocketDirectory directory) {
		WorkerLauncher launcher = WorkerLauncher.create(launch, directory.path());
		return (id, slot, generation) -> {
			WorkerTemplate template = template(templates.floorEntry(generation).getValue(), slot.group());
			Map<String, String> names = Map.of("id", Integer.toString(id), "slot", Integer.toString(slot.number()),
					"group", slot.group());
			Map<String, String> environment = new HashMap<>(template.environment());
			environment.replaceAll((name, value) -> JvmCommand.expand(value, names));
			environment.putAll(slot.environment());
			environment.putAll(new WorkerIdentity(id, slot.group(), slot.number(), generation, directory.control())
				.toEnvironment());
			String name = WorkerGroup.workerName(slot.group(), slot.number());
			JvmCommand command = template.command(slot.environment(), HostResources.ofThisProcess(), slot.total())
				.expand(names);
			WorkerStart start = generations.start(name, command, generation, environment);
			LaunchRequest request = new LaunchRequest(name, start.command().ledBy(MARK + slot.number()), environment,
					generations.folder(generation));
			try {
				WorkerProcess process = launcher.launch(request);
				process.onExit().thenAccept(start.ended()::accept);
				return process;
			}
			catch (LaunchException ex) {
				start.ended().accept(-1);
				throw ex;
			}
		};
	}

	/**
	 * Ends this process as a signal does: the shutdown hook of the application context
	 * closes the master, and {@code exit} waits for it.
	 */
	private static void exit(int code) {
		new Thread(() -> System.exit(code), "cluster-shutdown").start();
	}

	/**
	 * Lets each rolling restart take new settings.
	 */
	public void readSettingsBy(SettingsReader reader) {
		this.supervisor.readAgainBy((generation) -> {
			NewSettings next = reader.read(this.generations.jar(generation), this.generations.folder(generation));
			Map<String, WorkerTemplate> all = new HashMap<>(this.templates.firstEntry().getValue());
			all.putAll(next.templates());
			this.templates.put(generation, all);
			return next;
		});
	}

	/**
	 * Starts the cluster and waits until its first worker is ready. The process id is
	 * written before, so that a script that starts this process can end it at any time.
	 * @throws PidFileException if that cannot be done
	 * @throws FirstWorkerFailedException if it does not become ready
	 * @throws SnapshotException if the application cannot be copied
	 */
	public void start() {
		if (this.pidPath != null) {
			this.pidFile = PidFile.write(this.pidPath);
		}
		this.messages.open();
		MasterSignals signals = new MasterSignals(this.supervisor, this::deleteFiles);
		signals.install();
		try {
			this.supervisor.start().toCompletableFuture().join();
			signals.ready();
			if (this.trainingRun) {
				endTraining();
				return;
			}
			StartMemory.giveBack();
		}
		catch (CompletionException ex) {
			if (ex.getCause() instanceof RuntimeException cause) {
				throw cause;
			}
			throw ex;
		}
	}

	/**
	 * Ends the workers, which write the archive when they exit, and this process.
	 */
	private void endTraining() {
		logger.info("Shutting down after the training run (cluster.archive.training-run)");
		this.supervisor.stop().toCompletableFuture().join();
		Path archives = this.generations.awaitArchive(1);
		if (archives != null) {
			logger.info("Archive of classes is ready in '%s'".formatted(archives));
		}
		else {
			logger
				.error("The training run has left no archive of classes: the application does not run from a JAR that "
						+ "can be laid out, or an option of the workers excludes it");
		}
		exit((archives != null) ? 0 : 1);
	}

	/**
	 * Returns the cluster as the master's beans may use it.
	 */
	public Cluster cluster(ClusterMessages messages) {
		return new MasterCluster(this.supervisor, messages, ApplicationExecutor.create());
	}

	/**
	 * Returns the messages as the master's beans may use them.
	 */
	public ClusterMessages messages(ClusterMessageConverter converter) {
		return this.messages.with(converter);
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
		this.messages.close();
		this.controlServer.close();
		this.thread.close();
		this.events.close();
		this.loops.close();
		this.generations.finishArchives();
		deleteFiles();
	}

	private void deleteFiles() {
		// First what may still be writing there
		this.generations.close();
		this.directory.close();
		PidFile file = this.pidFile;
		if (file != null) {
			file.close();
		}
	}

}
