package io.github.bootcluster.master;

import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Future;
import java.util.function.DoubleSupplier;
import java.util.function.Supplier;
import java.util.stream.LongStream;

import io.github.bootcluster.ClusterException;
import io.github.bootcluster.ClusterStartedEvent;
import io.github.bootcluster.ClusterStatus;
import io.github.bootcluster.ClusterUnavailableException;
import io.github.bootcluster.ClusterWorker;
import io.github.bootcluster.RestartAbortedException;
import io.github.bootcluster.RestartInProgressException;
import io.github.bootcluster.RollingRestart;
import io.github.bootcluster.ScaleOutcome;
import io.github.bootcluster.ScaleRefusedException;
import io.github.bootcluster.WorkerExit;
import io.github.bootcluster.WorkerVitals;
import io.github.bootcluster.wire.ControlConnection;
import io.github.bootcluster.wire.Frame;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the wanted number of workers alive. All its state belongs to one thread, and each
 * turn of it compares what is wanted with what is and takes the next steps, so that it
 * does not matter in which order things happen. The shape is that of the loop in Puma's
 * {@code cluster.rb}.
 */
final class Supervisor {

	private static final Log logger = LogFactory.getLog(Supervisor.class);

	/**
	 * How long workers' figures are gathered before they are looked at.
	 */
	private static final Duration GATHERING = Duration.ofSeconds(1);

	private static final Duration LONGEST_LAG = Duration.ofSeconds(2);

	private final MasterSettings settings;

	private final Generations generations;

	private final Listeners listeners;

	private final MasterEvents events;

	private final EventThread thread;

	private final int parallelStarts;

	private final WorkerTable workers = new WorkerTable();

	private final SlotTable slots;

	private final Workforce workforce;

	private final WorkerLives lives;

	private final StatusBoard board;

	private final Restarter restarter;

	private final Recycler recycler;

	private final Watchdog watchdog;

	private final Scaler scaler;

	private final CompletableFuture<Void> started = new CompletableFuture<>();

	private final CompletableFuture<Void> stopped = new CompletableFuture<>();

	private @Nullable Future<?> timer;

	private long timerDue = Long.MAX_VALUE;

	private long figuresDue = Long.MAX_VALUE;

	private boolean prepared;

	private boolean stopping;

	/**
	 * Creates a supervisor that does nothing yet.
	 * @param settings what to go by
	 * @param generations what they are forked from
	 * @param forker forks the workers
	 * @param listeners the addresses that the workers share
	 * @param events takes the events
	 * @param thread the thread that everything happens on
	 * @param parallelStarts how many workers may start at the same time once one was
	 * ready
	 * @param random draws numbers from 0 to below 1
	 */
	Supervisor(MasterSettings settings, Generations generations, WorkerForker forker, Listeners listeners,
			MasterEvents events, EventThread thread, int parallelStarts, DoubleSupplier random) {
		this.settings = settings;
		this.generations = generations;
		this.listeners = listeners;
		this.events = events;
		this.thread = thread;
		this.parallelStarts = parallelStarts;
		this.slots = new SlotTable(settings, this.workers, events, thread);
		this.workforce = new Workforce(settings, forker, listeners, events, thread, this.workers, this::exited,
				this::notForked);
		this.lives = new WorkerLives(this.workers, this.workforce, listeners, events, thread);
		this.restarter = new Restarter(settings, this.slots.all(), this.workers, this.workforce, listeners, events,
				thread, parallelStarts);
		this.recycler = new Recycler(settings, this.slots.all(), this.workers, this.workforce, random);
		this.watchdog = new Watchdog(settings.heartbeatTimeout(), this.workers, this.workforce, listeners, events);
		this.scaler = new Scaler(settings.descriptors(), this.slots.all(), this.workers, this.workforce,
				this.restarter);
		this.board = new StatusBoard(thread, this.workers::connections, snapshot());
	}

	/**
	 * Begins to supervise.
	 * @return a stage that completes once a worker is ready, or fails with
	 * {@link FirstWorkerFailedException}, or with what is wrong with the application
	 */
	CompletionStage<Void> start() {
		this.thread.execute(() -> {
			this.events.publish(new ClusterStartedEvent(snapshot()));
			this.generations.prepare(this.restarter.generation())
				.whenComplete((done, failure) -> this.thread.execute(() -> prepared(failure)));
		});
		return this.started;
	}

	private void prepared(@Nullable Throwable failure) {
		this.prepared = true;
		if (failure != null && !this.stopping) {
			forkNoMore();
			this.started.completeExceptionally(failure);
		}
		turn();
	}

	ClusterStatus status() {
		return this.board.status();
	}

	/**
	 * Begins a rolling restart.
	 * @return a stage that completes once the new generation can be brought up, or fails
	 * with {@link RestartInProgressException}, {@link ClusterUnavailableException} or
	 * {@link RestartAbortedException}
	 */
	CompletionStage<RollingRestart> restart() {
		CompletableFuture<RollingRestart> result = new CompletableFuture<>();
		this.thread.execute(() -> beginRestart(null).whenComplete((restart, failure) -> {
			if (failure != null) {
				result.completeExceptionally(failure);
			}
			else {
				result.complete(restart);
			}
		}));
		return result;
	}

	CompletionStage<ScaleOutcome> scale(int workers) {
		return call(() -> scaleTo(workers, "the application"));
	}

	/**
	 * Changes the wanted number of workers by some.
	 * @param more how many more, below zero for fewer
	 * @param origin who asks for it, fit for a log line
	 * @return a stage that completes or fails as that of {@link #scale}
	 */
	CompletionStage<ScaleOutcome> scaleBy(int more, String origin) {
		return call(() -> scaleTo(this.slots.all().size() + more, origin));
	}

	private <T> CompletionStage<T> call(Supplier<T> operation) {
		CompletableFuture<T> result = new CompletableFuture<>();
		this.thread.execute(() -> {
			try {
				result.complete(operation.get());
			}
			catch (RuntimeException ex) {
				result.completeExceptionally(ex);
			}
		});
		return result;
	}

	/**
	 * Changes the wanted number of workers.
	 * @param workers the wanted number
	 * @param origin who asks for it, fit for a log line
	 * @return what came of it
	 * @throws ScaleRefusedException if there cannot be so many workers
	 * @throws ClusterUnavailableException if the cluster is starting or shutting down
	 */
	ScaleOutcome scaleTo(int workers, String origin) {
		if (this.stopping || !this.started.isDone()) {
			throw new ClusterUnavailableException("The cluster is starting or shutting down");
		}
		ScaleOutcome outcome = this.scaler.scale(workers, origin);
		turn();
		return outcome;
	}

	/**
	 * Begins a rolling restart, on this supervisor's thread.
	 * @param waiter the worker in which somebody waits for its end, or {@code null}
	 * @return as with {@link #restart()}
	 */
	CompletableFuture<RollingRestart> beginRestart(@Nullable WorkerHandle waiter) {
		try {
			RestartOperation restart = this.restarter.begin(this.stopping || !this.started.isDone(), waiter);
			if (waiter != null) {
				restart.completion().thenRun(() -> tell(waiter));
			}
			this.generations.prepare(restart.generation()).whenComplete((done, failure) -> this.thread.execute(() -> {
				this.restarter.prepared(restart, failure);
				turn();
			}));
			turn();
			return restart.begun();
		}
		catch (ClusterException ex) {
			return CompletableFuture.failedFuture(ex);
		}
	}

	/**
	 * Tells a worker what it waits for. The status board might be late: the worker may be
	 * told next that it is to end.
	 * @param waiter the worker
	 */
	private void tell(WorkerHandle waiter) {
		ControlConnection connection = waiter.connection();
		if (connection != null) {
			connection.send(new Frame.Status(snapshot()));
		}
	}

	/**
	 * Lets all workers finish and ends them.
	 * @return a stage that completes once no worker is left
	 */
	CompletionStage<Void> stop() {
		this.thread.execute(() -> {
			if (!this.stopping) {
				logger.info("Shutting down: draining %d workers".formatted(this.workers.size()));
			}
			forkNoMore();
			this.listeners.close();
			this.workers.all()
				.stream()
				.filter(WorkerHandle::isStaying)
				.forEach((worker) -> this.workforce.drain(worker, "shutdown"));
			turn();
		});
		return this.stopped;
	}

	private void forkNoMore() {
		this.stopping = true;
		this.restarter.abort("the cluster is shutting down", List.of());
	}

	/**
	 * Kills all workers for good.
	 * @return a stage that completes once they have been sent the signal
	 */
	CompletionStage<Void> kill() {
		return CompletableFuture.runAsync(() -> {
			forkNoMore();
			this.workers.all().forEach((worker) -> worker.kill(this.thread.nanoTime()));
		}, this.thread);
	}

	Optional<WorkerHandle> workerOf(ControlConnection connection) {
		return this.workers.byConnection(connection);
	}

	void hello(ControlConnection connection, Frame.Hello hello) {
		if (this.lives.hello(connection, hello)) {
			connection.offer(new Frame.Status(snapshot()));
		}
		turn();
	}

	void listening(WorkerHandle worker, Frame.Listening answer) {
		this.lives.listening(worker, answer);
		turn();
	}

	void ready(WorkerHandle worker) {
		if (!worker.isStarting()) {
			return;
		}
		this.lives.ready(worker);
		this.restarter.ready(worker);
		this.recycler.ready(worker);
		this.started.complete(null);
		turn();
	}

	/**
	 * A worker tells that its event loops answer. What it tells beside is taken up with
	 * what others tell a moment later: there is much of it.
	 * @param worker the worker
	 * @param vitals what it tells
	 */
	void vitals(WorkerHandle worker, WorkerVitals vitals) {
		long now = this.thread.nanoTime();
		worker.vitals(vitals);
		this.watchdog.heard(worker, now);
		if (this.figuresDue == Long.MAX_VALUE) {
			this.figuresDue = now + GATHERING.toNanos();
			scheduleTurn(now);
		}
	}

	void dumped(WorkerHandle worker, String dump) {
		worker.pulse().dumped(dump);
		turn();
	}

	void health(WorkerHandle worker, Frame.Health health) {
		this.restarter.health(worker, health);
		turn();
	}

	void draining(WorkerHandle worker) {
		this.lives.draining(worker);
		turn();
	}

	void disconnected(WorkerHandle worker) {
		this.lives.disconnected(worker);
		turn();
	}

	private void notForked(ClusterWorker worker, String reason) {
		failed(worker, reason, List.of());
		// As after an exit: this turn may have passed what the failure has changed
		this.thread.execute(this::turn);
	}

	private void exited(WorkerHandle worker, int exitCode) {
		WorkerExit exit = this.lives.exited(worker, exitCode);
		this.slots.exited(worker, exit);
		if (!exit.voluntary() && !worker.wasReady()) {
			failed(worker.snapshot(), exit.reason(), exit.lastLines());
		}
		else if (this.restarter.isCanary(worker)) {
			this.restarter.lost(worker, exit);
		}
		else if (!this.stopping) {
			this.slots.left(worker, exit);
		}
		turn();
	}

	/**
	 * Deals with a worker that did not become ready.
	 * @param worker the worker
	 * @param reason what became of it
	 * @param lastLines what it wrote last
	 */
	private void failed(ClusterWorker worker, String reason, List<String> lastLines) {
		if (!this.started.isDone()) {
			forkNoMore();
			this.started.completeExceptionally(new FirstWorkerFailedException(reason, lastLines));
		}
		else if (this.restarter.isBringingUp(worker.generation())) {
			this.restarter.abort("worker %d %s".formatted(worker.id(), reason), lastLines);
		}
		else if (!this.stopping) {
			this.slots.vacate(worker, true);
		}
	}

	/**
	 * Takes the next steps towards what is wanted. Whatever goes wrong in one turn, there
	 * is a next one.
	 */
	void turn() {
		long now = this.thread.nanoTime();
		allowFor(now - this.timerDue);
		try {
			takeSteps(now);
		}
		finally {
			this.board.update(snapshot());
			scheduleTurn(now);
		}
	}

	/**
	 * Gives workers the time in which this process stood still, suspended or stopped by a
	 * debugger: what they said meanwhile has not been heard yet, or they stood still,
	 * too.
	 * @param lag by how much the timer is late
	 */
	private void allowFor(long lag) {
		if (lag > LONGEST_LAG.toNanos()) {
			this.workers.all().forEach((worker) -> worker.postpone(lag));
		}
	}

	private void takeSteps(long now) {
		for (WorkerHandle worker : this.workers.all()) {
			if (now >= worker.deadline()) {
				this.workforce.press(worker);
			}
		}
		if (now >= this.figuresDue) {
			this.figuresDue = Long.MAX_VALUE;
			this.workers.all().forEach(WorkerHandle::measureMemory);
		}
		if (!this.stopping) {
			this.watchdog.advance(now);
			recycle(now);
			this.restarter.advance();
			fill(now);
		}
		else if (this.workers.isEmpty()) {
			this.stopped.complete(null);
		}
		this.generations.retain(neededGenerations());
	}

	private Set<Integer> neededGenerations() {
		Set<Integer> needed = new HashSet<>(this.restarter.generations());
		this.slots.all().forEach((slot) -> needed.add(slot.generation()));
		this.workers.all().forEach((worker) -> needed.add(worker.generation()));
		return needed;
	}

	private void recycle(long now) {
		if (this.restarter.isRunning()) {
			this.recycler.giveWay();
		}
		else {
			this.recycler.advance(now);
		}
	}

	private void fill(long now) {
		for (Slot slot : this.slots.all()) {
			boolean empty = this.workers.in(slot)
				.noneMatch((worker) -> this.restarter.occupies(worker) || this.recycler.occupies(worker));
			if (empty && slot.mayFork(now) && this.restarter.hasRoom() && mayStartAnother()) {
				this.workforce.fork(slot, this.restarter.generationFor(slot));
			}
		}
	}

	/**
	 * Tells whether a further worker may start beside those that do. Until one has been
	 * ready there is just one, so that an application that cannot start says so once.
	 * @return whether another may start
	 */
	private boolean mayStartAnother() {
		if (this.stopping || !this.prepared) {
			return false;
		}
		return this.started.isDone() ? this.workers.count(WorkerHandle::isStarting) < this.parallelStarts
				: this.workers.isEmpty();
	}

	/**
	 * Sets the one timer that there is to the next time at which something has to happen.
	 * @param now the time of the event thread
	 */
	private void scheduleTurn(long now) {
		if (this.timer != null) {
			this.timer.cancel(false);
		}
		long next = this.figuresDue;
		if (!this.stopping) {
			// Else these times would pass, and nobody would set new ones
			next = LongStream.of(next, this.restarter.deadline(), this.watchdog.deadline(), this.slots.nextFork(now))
				.min()
				.orElseThrow();
		}
		for (WorkerHandle worker : this.workers.all()) {
			next = Math.min(next, worker.deadline());
		}
		this.timerDue = next;
		if (next != Long.MAX_VALUE) {
			this.timer = this.thread.schedule(this::turn, Duration.ofNanos(Math.max(next - now, 1)));
		}
	}

	private ClusterStatus snapshot() {
		@Nullable RollingRestart last = this.restarter.last();
		return new ClusterStatus(ProcessHandle.current().pid(), this.restarter.generation(), this.slots.all().size(),
				this.listeners.moved(), this.workers.snapshots(), this.slots.statuses(),
				(last != null) ? last.status() : null);
	}

}
