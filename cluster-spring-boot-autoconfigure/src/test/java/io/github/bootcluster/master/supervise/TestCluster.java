package io.github.bootcluster.master.supervise;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.Stream;

import io.github.bootcluster.Cluster;
import io.github.bootcluster.ClusterStatus;
import io.github.bootcluster.ClusterWorker;
import io.github.bootcluster.RestartStatus;
import io.github.bootcluster.RollingRestart;
import io.github.bootcluster.ScaleOutcome;
import io.github.bootcluster.WorkerState;
import io.github.bootcluster.WorkerVitals;
import io.github.bootcluster.event.ClusterEvent;
import io.github.bootcluster.master.listen.DescriptorBudget;
import io.github.bootcluster.message.support.JacksonMessageConverter;
import io.github.bootcluster.message.support.MasterMessages;
import io.github.bootcluster.process.LaunchException;
import io.github.bootcluster.process.WorkerProcess;
import io.github.bootcluster.wire.Frame;
import io.github.bootcluster.wire.TestFrames;
import org.jspecify.annotations.Nullable;

/**
 * A supervisor among fakes: its workers do what the test tells them, its clock stands
 * still until the test turns it.
 */
final class TestCluster implements AutoCloseable {

	static final Duration START_TIMEOUT = Duration.ofSeconds(60);

	static final Duration HEARTBEAT_TIMEOUT = Duration.ZERO;

	static final RecyclePolicy NO_RECYCLING = new RecyclePolicy(0, 0, Duration.ZERO, 0);

	/**
	 * Enough for 100 workers.
	 */
	static final DescriptorBudget DESCRIPTORS = new DescriptorBudget(1056);

	static final Duration DRAIN_TIMEOUT = Duration.ofSeconds(30);

	static final Duration RESTART_TIMEOUT = Duration.ofMinutes(5);

	static final Duration HEALTHY_AFTER = Duration.ofSeconds(30);

	static final Duration GRACE = Duration.ofSeconds(5);

	private static final int MAX_ROUNDS = 100;

	private final HandTurnedThread thread = new HandTurnedThread();

	private final FakeGenerations generations = new FakeGenerations();

	private final RecordingListeners listeners = new RecordingListeners();

	private final Collection<ClusterEvent> published = new ConcurrentLinkedQueue<>();

	private final MasterEvents events = new MasterEvents((event) -> this.published.add((ClusterEvent) event));

	private final List<FakeWorker> forked = new ArrayList<>();

	private final LiveSettings settings;

	private final Supervisor supervisor;

	private final ControlFrames frames;

	private @Nullable String launchFailure;

	private @Nullable RuntimeException launchCrash;

	private @Nullable CompletableFuture<Void> started;

	private int attempts;

	private int exits;

	private int exitCode;

	private int mostProcesses;

	private int fewestReady = Integer.MAX_VALUE;

	private double random;

	TestCluster(int workers, int surge, int parallelStarts, int maxAttempts) {
		this(workers, surge, parallelStarts, maxAttempts, Duration.ZERO);
	}

	TestCluster(int workers, int surge, int parallelStarts, int maxAttempts, Duration soak) {
		this(settings(workers, surge, maxAttempts, HEARTBEAT_TIMEOUT, NO_RECYCLING, soak), parallelStarts);
	}

	TestCluster(MasterSettings settings, int parallelStarts) {
		this.settings = new LiveSettings(settings, parallelStarts);
		this.supervisor = new Supervisor(this.settings,
				new Supervisor.Platform(this.thread, this::fork, () -> this.random, this::exit), this.generations,
				this.listeners, this.events);
		this.frames = new ControlFrames(this.supervisor, this.listeners, this.thread);
	}

	static MasterSettings settings(int workers, int surge, int maxAttempts, Duration heartbeatTimeout,
			RecyclePolicy recycle, Duration soak) {
		return settings(workers, List.of(), surge, maxAttempts, heartbeatTimeout, recycle, soak);
	}

	private static MasterSettings settings(int workers, List<WorkerGroup> groups, int surge, int maxAttempts,
			Duration heartbeatTimeout, RecyclePolicy recycle, Duration soak) {
		return settings(workers, groups, respawn(maxAttempts, false),
				new RestartPolicy(RESTART_TIMEOUT, surge, soak, false, 1), heartbeatTimeout, recycle);
	}

	private static RespawnPolicy respawn(int maxAttempts, boolean exitWhenGivenUp) {
		return new RespawnPolicy(Duration.ofSeconds(1), 1.5, Duration.ofSeconds(30), HEALTHY_AFTER, maxAttempts,
				exitWhenGivenUp);
	}

	private static MasterSettings settings(int workers, List<WorkerGroup> groups, RespawnPolicy respawn,
			RestartPolicy restart, Duration heartbeatTimeout, RecyclePolicy recycle) {
		return new MasterSettings(workers, groups, START_TIMEOUT, heartbeatTimeout, 0, DRAIN_TIMEOUT, GRACE, respawn,
				restart, recycle, DESCRIPTORS);
	}

	static TestCluster watched(int workers, Duration heartbeatTimeout) {
		return new TestCluster(settings(workers, 1, 10, heartbeatTimeout, NO_RECYCLING, Duration.ZERO), 2);
	}

	static TestCluster recycled(int workers, int surge, RecyclePolicy recycle) {
		return new TestCluster(settings(workers, surge, 3, HEARTBEAT_TIMEOUT, recycle, Duration.ZERO), 2);
	}

	/**
	 * Creates a cluster whose slots never have two workers.
	 * @param workers the number of workers
	 * @param recycle when they are recycled
	 * @return the cluster
	 */
	static TestCluster exclusive(int workers, RecyclePolicy recycle) {
		return new TestCluster(settings(workers, List.of(), respawn(3, false),
				new RestartPolicy(RESTART_TIMEOUT, 1, Duration.ZERO, true, 1), HEARTBEAT_TIMEOUT, recycle), 2);
	}

	static TestCluster grouped(int workers, int surge, Duration soak, WorkerGroup... groups) {
		return new TestCluster(settings(workers, List.of(groups), surge, 3, HEARTBEAT_TIMEOUT, NO_RECYCLING, soak), 2);
	}

	/**
	 * Creates a cluster of two workers whose slots are given up at the first early death.
	 * @param exit whether the master ends once both are
	 * @return the cluster
	 */
	static TestCluster givingUp(boolean exit) {
		return new TestCluster(settings(2, List.of(), respawn(1, exit),
				new RestartPolicy(RESTART_TIMEOUT, 1, Duration.ZERO, false, 1), HEARTBEAT_TIMEOUT, NO_RECYCLING), 2);
	}

	static TestCluster restarting(int workers, boolean exclusiveSlots, int maxDraining) {
		return new TestCluster(settings(workers, List.of(), respawn(3, false),
				new RestartPolicy(RESTART_TIMEOUT, 1, Duration.ZERO, exclusiveSlots, maxDraining), HEARTBEAT_TIMEOUT,
				NO_RECYCLING), 2);
	}

	static TestCluster of(int workers) {
		return new TestCluster(workers, 1, 2, 10);
	}

	private WorkerProcess fork(int id, Slot slot, int generation) throws LaunchException {
		this.attempts++;
		if (this.launchCrash != null) {
			throw this.launchCrash;
		}
		if (this.launchFailure != null) {
			throw new LaunchException("worker-" + slot.number(), this.launchFailure, null);
		}
		FakeWorker worker = new FakeWorker(id, slot.group(), slot.number(), generation, slot.environment());
		this.forked.add(worker);
		return worker;
	}

	private void exit(int code) {
		this.exits++;
		this.exitCode = code;
		this.supervisor.stop();
	}

	/**
	 * Returns how often this process would have been ended in the orderly way.
	 * @return how often
	 */
	int exits() {
		return this.exits;
	}

	int exitCode() {
		return this.exitCode;
	}

	Cluster cluster() {
		MasterMessages messages = new MasterMessages(this.supervisor.messages(), (event) -> {
		}, this.supervisor::status);
		return new MasterCluster(this.supervisor, messages.with(JacksonMessageConverter.plain()), Runnable::run);
	}

	/**
	 * Sets what is drawn for every worker that becomes ready from now on.
	 * @param fraction a number from 0 to below 1
	 */
	void draw(double fraction) {
		this.random = fraction;
	}

	/**
	 * Lets every fork fail from now on.
	 * @param reason why, or {@code null} to let them succeed again
	 */
	void failForks(@Nullable String reason) {
		this.launchFailure = reason;
	}

	/**
	 * Lets forks fail with what no launcher should throw.
	 * @param crash what they throw, or {@code null} to let them succeed again
	 */
	void crashForks(@Nullable RuntimeException crash) {
		this.launchCrash = crash;
	}

	/**
	 * Goes by other settings from now on, as a restart that reads new ones does.
	 */
	void replaceSettings(MasterSettings settings) {
		this.settings.replace(settings);
	}

	TestCluster start() {
		this.started = this.supervisor.start().toCompletableFuture();
		return run();
	}

	/**
	 * Starts the cluster and lets all its workers become ready and healthy.
	 * @return this cluster
	 */
	TestCluster startAll() {
		start();
		readyAll();
		advance(HEALTHY_AFTER);
		this.fewestReady = readyCount();
		this.mostProcesses = alive().size();
		return this;
	}

	TestCluster readyAll() {
		for (int round = 0; round < MAX_ROUNDS && !starting().isEmpty(); round++) {
			starting().forEach(this::ready);
		}
		return this;
	}

	CompletableFuture<Void> started() {
		if (this.started == null) {
			throw new IllegalStateException("not started");
		}
		return this.started;
	}

	TestCluster run() {
		this.thread.run();
		this.mostProcesses = Math.max(this.mostProcesses, alive().size());
		this.fewestReady = Math.min(this.fewestReady, readyCount());
		return this;
	}

	void advance(Duration duration) {
		this.thread.advance(duration);
		run();
	}

	HandTurnedThread thread() {
		return this.thread;
	}

	FakeGenerations generations() {
		return this.generations;
	}

	RecordingListeners listeners() {
		return this.listeners;
	}

	Supervisor supervisor() {
		return this.supervisor;
	}

	ControlFrames frames() {
		return this.frames;
	}

	ClusterStatus status() {
		return this.supervisor.status();
	}

	/**
	 * Returns how many forks were tried, those that failed included.
	 * @return how many
	 */
	int attempts() {
		return this.attempts;
	}

	List<FakeWorker> forked() {
		return this.forked;
	}

	FakeWorker worker(int id) {
		return this.forked.stream().filter((worker) -> worker.id() == id).findFirst().orElseThrow();
	}

	List<FakeWorker> alive() {
		return this.forked.stream().filter(FakeWorker::isAlive).toList();
	}

	/**
	 * Tells whether an aborted restart is followed by a rollback that runs.
	 * @return whether its reason says so
	 */
	boolean isRollingBack() {
		RestartStatus last = status().restart();
		return last != null && last.reason() != null && last.reason().contains(" is rolled back to generation ");
	}

	WorkerState state(FakeWorker worker) {
		return status().workers()
			.stream()
			.filter((known) -> known.id() == worker.id())
			.map(ClusterWorker::state)
			.findFirst()
			.orElse(WorkerState.EXITED);
	}

	List<FakeWorker> in(WorkerState... states) {
		return this.forked.stream().filter((worker) -> List.of(states).contains(state(worker))).toList();
	}

	List<FakeWorker> starting() {
		return in(WorkerState.FORKED, WorkerState.ONLINE, WorkerState.LISTENING);
	}

	List<FakeWorker> draining() {
		return in(WorkerState.DRAINING);
	}

	int readyCount() {
		return in(WorkerState.READY).size();
	}

	/**
	 * Returns the most processes that there were at once since all were ready.
	 * @return how many
	 */
	int mostProcesses() {
		return this.mostProcesses;
	}

	/**
	 * Returns how few workers were ready at once since all were.
	 * @return how many
	 */
	int fewestReady() {
		return this.fewestReady;
	}

	void online(FakeWorker worker) {
		hello(worker, new Frame.Hello(worker.id(), worker.pid(), Frame.Hello.PROTOCOL, "test"));
	}

	void hello(FakeWorker worker, Frame.Hello hello) {
		worker.setOnline(true);
		send(worker, hello);
	}

	void send(FakeWorker worker, Frame frame) {
		this.frames.received(worker.connection().connection(), frame);
		run();
	}

	/**
	 * Lets a worker accept traffic, or end if the master has closed its connection.
	 * @param worker the worker
	 */
	void ready(FakeWorker worker) {
		if (worker.connection().connection().isClosed()) {
			crash(worker, 1);
			return;
		}
		if (!worker.isOnline()) {
			online(worker);
		}
		send(worker, TestFrames.READY);
	}

	/**
	 * Lets a worker tell how it does.
	 * @param worker the worker
	 * @param requests how many requests it has answered
	 */
	void beat(FakeWorker worker, long requests) {
		send(worker, report(requests, Duration.ofSeconds(1)));
	}

	static Frame.Vitals report(long requests, Duration next) {
		return new Frame.Vitals(new WorkerVitals(requests, 0, 0, 0, true, Duration.ZERO, 0), next);
	}

	/**
	 * Lets workers beat once a second, as real ones do.
	 * @param duration for how long
	 * @param silent which do not
	 */
	void beatAll(Duration duration, FakeWorker... silent) {
		for (long second = 0; second < duration.toSeconds(); second++) {
			advance(Duration.ofSeconds(1));
			alive().stream()
				.filter((worker) -> worker.isOnline() && !List.of(silent).contains(worker))
				.forEach((worker) -> beat(worker, 0));
		}
	}

	CompletableFuture<ScaleOutcome> scale(int workers) {
		CompletableFuture<ScaleOutcome> scaled = cluster().scale(workers).toCompletableFuture();
		run();
		return scaled;
	}

	void disconnect(FakeWorker worker) {
		worker.setOnline(false);
		this.frames.closed(worker.connection().connection());
		run();
	}

	/**
	 * Ends a worker's process; nobody has heard of its connection's end yet.
	 * @param worker the worker
	 * @param exitCode its exit code
	 */
	void exit(FakeWorker worker, int exitCode) {
		worker.end(exitCode);
		run();
	}

	/**
	 * Ends a worker as it mostly happens: the end of its connection is heard first.
	 * @param worker the worker
	 * @param exitCode its exit code
	 */
	void crash(FakeWorker worker, int exitCode) {
		if (worker.isOnline()) {
			disconnect(worker);
		}
		exit(worker, exitCode);
	}

	/**
	 * Lets all workers that were told to leave do so.
	 */
	void obey() {
		draining().forEach((worker) -> crash(worker, worker.signals().isEmpty() ? 0 : 143));
	}

	List<FakeWorker> alive(String group) {
		return alive().stream().filter((worker) -> worker.group().equals(group)).toList();
	}

	RollingRestart restart() {
		return restart(null);
	}

	RollingRestart restart(@Nullable String group) {
		CompletableFuture<RollingRestart> restart = cluster().restart(group).toCompletableFuture();
		run();
		return restart.join();
	}

	CompletableFuture<Void> stop() {
		CompletableFuture<Void> stopped = this.supervisor.stop().toCompletableFuture();
		run();
		return stopped;
	}

	/**
	 * Returns what was published until now; nothing can be published afterwards.
	 * @return the events
	 */
	Stream<ClusterEvent> events() {
		this.events.close();
		return this.published.stream();
	}

	<T extends ClusterEvent> List<T> events(Class<T> type) {
		return events().filter(type::isInstance).map(type::cast).toList();
	}

	@Override
	public void close() {
		this.events.close();
	}

}
