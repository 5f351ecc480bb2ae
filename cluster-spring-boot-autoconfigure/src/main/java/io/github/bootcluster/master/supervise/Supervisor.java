package io.github.bootcluster.master.supervise;

import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.function.DoubleSupplier;
import java.util.function.Function;
import java.util.function.IntConsumer;
import java.util.function.IntFunction;
import java.util.function.Supplier;

import io.github.bootcluster.ClusterException;
import io.github.bootcluster.ClusterStatus;
import io.github.bootcluster.ClusterUnavailableException;
import io.github.bootcluster.ClusterWorker;
import io.github.bootcluster.RestartAbortedException;
import io.github.bootcluster.RestartInProgressException;
import io.github.bootcluster.RestartState;
import io.github.bootcluster.RollingRestart;
import io.github.bootcluster.ScaleOutcome;
import io.github.bootcluster.ScaleRefusedException;
import io.github.bootcluster.UnknownGroupException;
import io.github.bootcluster.event.ClusterStartedEvent;
import io.github.bootcluster.master.listen.Listeners;
import io.github.bootcluster.message.support.MessageRouter;
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
 * <p>
 * It puts its parts together and does what it is asked for from outside. What it hears of
 * workers comes in by {@link WorkerReports}; the turns are {@link SupervisorTurns}.
 */
public final class Supervisor {

	private static final Log logger = LogFactory.getLog(Supervisor.class);

	private final Generations generations;

	private final Listeners listeners;

	private final MasterEvents events;

	private final EventThread thread;

	private final ClusterLife life;

	private final WorkerTable workers = new WorkerTable();

	private final MessageRouter messages = new MessageRouter();

	private final SlotTable slots;

	private final Workforce workforce;

	private final Restarter restarter;

	private final Election election;

	private final Scaler scaler;

	private final Operations operations;

	private final StatusBoard board;

	private final Desertion desertion;

	private final SupervisorTurns turns;

	private final WorkerReports reports;

	private final Set<WorkerHandle> takenAlong = new HashSet<>();

	private boolean drainingAll;

	private final LiveSettings settings;

	private @Nullable IntFunction<NewSettings> reader;

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
	 * @param exit ends this process in the orderly way, which stops the cluster, with an
	 * exit code
	 */
	public Supervisor(MasterSettings settings, Generations generations, WorkerForker forker, Listeners listeners,
			MasterEvents events, EventThread thread, int parallelStarts, DoubleSupplier random, IntConsumer exit) {
		this.generations = generations;
		this.settings = new LiveSettings(settings);
		this.listeners = listeners;
		this.events = events;
		this.thread = thread;
		this.slots = new SlotTable(this.settings, this.workers, events, thread);
		this.life = new ClusterLife(this.slots.groups());
		this.workforce = new Workforce(this.settings, forker, listeners, events, thread, this.workers, this::exited,
				this::notForked);
		this.restarter = new Restarter(this.settings, this.slots, this.workers, this.workforce, listeners, events,
				thread, parallelStarts);
		this.election = new Election(this.workers, this.restarter);
		this.scaler = new Scaler(settings.descriptors(), this.slots, this.workers, this.workforce, this.restarter);
		PendingForks forks = new PendingForks(this.slots.all(), this.workers, this.scaler);
		this.operations = new Operations(this.life, this.slots, this.workers, this.scaler, forks, listeners, thread,
				this::turn, () -> exit.accept(0));
		this.desertion = new Desertion(settings.respawn().exitWhenGivenUp(), this.slots.all(), this.workers,
				this.restarter, exit);
		this.board = new StatusBoard(thread, this.workers::connections, snapshot());
		Recycler recycler = new Recycler(this.settings, this.slots.all(), this.workers, this.workforce, random);
		Watchdog watchdog = new Watchdog(settings.heartbeatTimeout(), this.workers, this.workforce, listeners, events);
		SupervisorSteps steps = new SupervisorSteps(this.life, generations, this.slots, this.workers, this.workforce,
				watchdog, recycler, this.restarter, this.election, forks, parallelStarts, events.counts()::respawned);
		this.turns = new SupervisorTurns(steps, this.workers, thread, this::turned);
		WorkerLives lives = new WorkerLives(this.workers, this.workforce, listeners, this.messages, events, thread);
		this.reports = new WorkerReports(this.life, this.workers, lives, this.slots, this.restarter, recycler, forks,
				this.turns, thread, this::endsAsWell, this::snapshot);
	}

	/**
	 * Begins to supervise.
	 * @return a stage that completes once a worker of each group is ready, or fails with
	 * {@link FirstWorkerFailedException}, or with what is wrong with the application
	 */
	public CompletionStage<Void> start() {
		this.thread.execute(() -> {
			this.events.publish(new ClusterStartedEvent(snapshot()));
			this.generations.prepare(this.restarter.generation())
				.whenComplete((done, failure) -> this.thread.execute(() -> prepared(failure)));
		});
		return this.life.started();
	}

	private void prepared(@Nullable Throwable failure) {
		this.life.prepared();
		if (failure != null && !this.life.isStopping()) {
			this.life.failStart(failure);
		}
		turn();
	}

	public ClusterStatus status() {
		return this.board.status();
	}

	CompletionStage<RollingRestart> restart() {
		return restart(null);
	}

	/**
	 * Begins a rolling restart.
	 * @param group the group whose workers are replaced, or {@code null} for all, one
	 * group after another
	 * @return a stage that completes once the new generation can be brought up, or fails
	 * with {@link RestartInProgressException}, {@link UnknownGroupException},
	 * {@link ClusterUnavailableException} or {@link RestartAbortedException}
	 */
	CompletionStage<RollingRestart> restart(@Nullable String group) {
		CompletableFuture<RollingRestart> result = new CompletableFuture<>();
		this.thread.execute(() -> beginRestart(group, null).whenComplete((restart, failure) -> {
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
		return scale(ClusterWorker.DEFAULT_GROUP, workers);
	}

	CompletionStage<ScaleOutcome> scale(String group, int workers) {
		return call(() -> scaleTo(group, workers, "the application"));
	}

	/**
	 * Changes the wanted number of workers of the default group by some.
	 * @param more how many more, below zero for fewer
	 * @param origin who asks for it, fit for a log line
	 * @return a stage that completes or fails as that of {@link #scale}
	 */
	CompletionStage<ScaleOutcome> scaleBy(int more, String origin) {
		return call(() -> scaleTo(ClusterWorker.DEFAULT_GROUP, this.slots.in(ClusterWorker.DEFAULT_GROUP).size() + more,
				origin));
	}

	/**
	 * Asks for something that takes time.
	 * @param operation what is asked for
	 * @param <T> the type of the result
	 * @return a stage that completes or fails as that of the operation, or fails with
	 * what it throws
	 */
	<T> CompletionStage<T> ask(Function<Operations, CompletionStage<T>> operation) {
		return call(() -> operation.apply(this.operations)).thenCompose(Function.identity());
	}

	/**
	 * Returns what may be wanted of workers.
	 * @return takes wishes on the event thread
	 */
	Operations operations() {
		return this.operations;
	}

	private <T> CompletionStage<T> call(Supplier<T> operation) {
		if (this.life.stopped().toCompletableFuture().isDone()) {
			// The thread that could answer ends, too
			return CompletableFuture.failedFuture(new ClusterUnavailableException("The cluster has been shut down"));
		}
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
	 * Changes the wanted number of workers of a group.
	 * @param group the group
	 * @param workers the wanted number
	 * @param origin who asks for it, fit for a log line
	 * @return what came of it
	 * @throws ScaleRefusedException if there cannot be so many workers
	 * @throws UnknownGroupException if there is no such group
	 * @throws ClusterUnavailableException if the cluster is starting or shutting down
	 */
	ScaleOutcome scaleTo(String group, int workers, String origin) {
		this.life.requireAvailable();
		this.slots.requireGroup(group);
		ScaleOutcome outcome = this.scaler.scale(group, workers, origin);
		turn();
		return outcome;
	}

	/**
	 * Begins a rolling restart, on this supervisor's thread.
	 * @param group the group whose workers are replaced, or {@code null} for all
	 * @param waiter the worker in which somebody waits for its end, or {@code null}
	 * @return as with {@link #restart}
	 */
	CompletableFuture<RollingRestart> beginRestart(@Nullable String group, @Nullable WorkerHandle waiter) {
		try {
			this.life.requireAvailable();
			if (group != null) {
				this.slots.requireGroup(group);
			}
			RestartOperation restart = this.restarter.begin((group != null) ? List.of(group) : this.slots.groups(),
					waiter);
			if (waiter != null) {
				restart.completion().thenRun(() -> tell(waiter));
			}
			this.generations.prepare(restart.generation())
				.thenCompose((done) -> read(restart.generation()))
				.whenComplete((next, failure) -> this.thread.execute(() -> {
					if (failure == null && restart.isRunning()) {
						next.ifPresent((its) -> adopt(its, restart));
					}
					this.restarter.prepared(restart, cause(failure));
					turn();
				}));
			turn();
			return restart.begun();
		}
		catch (ClusterException ex) {
			return CompletableFuture.failedFuture(ex);
		}
		catch (RuntimeException ex) {
			logger.error("The rolling restart fails", ex);
			this.restarter.abort("it failed: " + ex, List.of());
			this.turns.takeAnother();
			return CompletableFuture.failedFuture(ex);
		}
	}

	/**
	 * Reads the settings anew on another thread: their source may take its time.
	 * @param generation the generation that they are for
	 * @return a stage that completes with them, or with nothing if they never change
	 */
	private CompletionStage<Optional<NewSettings>> read(int generation) {
		IntFunction<NewSettings> its = this.reader;
		return (its != null) ? CompletableFuture.supplyAsync(() -> Optional.of(its.apply(generation)))
				: CompletableFuture.completedFuture(Optional.empty());
	}

	private static @Nullable Throwable cause(@Nullable Throwable failure) {
		return (failure instanceof CompletionException && failure.getCause() != null) ? failure.getCause() : failure;
	}

	/**
	 * Sets what reads the settings anew for each restart.
	 * @param reader takes the generation, and throws an exception if the settings are not
	 * allowed; it is called on any thread
	 */
	public void readAgainBy(IntFunction<NewSettings> reader) {
		this.thread.execute(() -> this.reader = reader);
	}

	/**
	 * Goes by new settings, unless the restart that brings them is aborted. Another
	 * number of workers comes when it is complete.
	 * @param next the new settings
	 * @param restart the restart
	 */
	private void adopt(NewSettings next, RestartOperation restart) {
		MasterSettings previous = this.settings.get();
		next.unapplied().forEach((change) -> logger.warn(change + ", which takes a new master"));
		restart.leaveOut(next.unapplied());
		this.settings.replace(next.settings());
		restart.completion().thenAccept((end) -> this.thread.execute(() -> {
			if (end.state() == RestartState.ABORTED) {
				this.settings.replace(previous);
			}
			else {
				resize(ClusterWorker.DEFAULT_GROUP, previous.workers(), next.settings().workers());
				previous.groups()
					.forEach((old) -> resize(old.name(), old.workers(),
							next.settings()
								.groups()
								.stream()
								.filter((group) -> group.name().equals(old.name()))
								.mapToInt(WorkerGroup::workers)
								.findFirst()
								.orElse(old.workers())));
			}
		}));
	}

	private void resize(String group, int previous, int wanted) {
		if (wanted == previous) {
			return;
		}
		try {
			scaleTo(group, wanted, "the new configuration");
		}
		catch (ClusterException ex) {
			logger.warn("The new number of workers is not taken: " + ex.getMessage());
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
	public CompletionStage<Void> stop() {
		this.thread.execute(() -> {
			if (!this.life.isStopping()) {
				logger.info("Shutting down: draining %d workers".formatted(this.workers.size()));
			}
			forkNoMore();
			this.workers.all().stream().filter(WorkerHandle::isLeavingByItself).forEach(this::takeAlong);
			// Nobody else is left to serve what is queued
			this.workers.all()
				.stream()
				.filter((worker) -> worker.isReady() && worker.isRefusing())
				.forEach((worker) -> this.listeners.admit(worker.id()));
			// What is queued is for workers that do not drain yet
			// If workers do not take what is queued, half of the time is left for their
			// own end
			this.listeners.close(this.settings.drainTimeout().dividedBy(2))
				.whenComplete((done, failure) -> this.thread.execute(this::drainAll));
			turn();
		});
		return this.life.stopped();
	}

	private void drainAll() {
		this.drainingAll = true;
		this.workers.all()
			.stream()
			.filter((worker) -> worker.isStaying() || this.takenAlong.contains(worker))
			.forEach((worker) -> this.workforce.drain(worker, "shutdown"));
		turn();
	}

	/**
	 * Takes note that what ends this process has reached a worker before. It has finished
	 * nothing yet, and takes part in what is queued.
	 * @param worker the worker
	 */
	private void takeAlong(WorkerHandle worker) {
		this.takenAlong.add(worker);
		this.workforce.leave(worker, new Departure(Departure.Kind.REQUESTED, "shutdown"));
		if (worker.wasReady()) {
			this.listeners.admit(worker.id());
		}
	}

	/**
	 * Takes note that a worker has been told to end by somebody else, after this process.
	 * @param worker the worker
	 * @return whether there is nothing more to do about that
	 */
	private boolean endsAsWell(WorkerHandle worker) {
		if (!this.life.isStopping() || !worker.isStaying()) {
			return false;
		}
		takeAlong(worker);
		if (this.drainingAll) {
			this.workforce.drain(worker, "shutdown");
		}
		return true;
	}

	private void forkNoMore() {
		this.life.stop();
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

	/**
	 * Returns where this supervisor is told what happens to workers.
	 * @return takes reports on the event thread
	 */
	WorkerReports reports() {
		return this.reports;
	}

	/**
	 * Returns the way of messages to the workers.
	 * @return the router
	 */
	public MessageRouter messages() {
		return this.messages;
	}

	/**
	 * Returns who chooses the worker that leads.
	 * @return the election, for the event thread
	 */
	Election election() {
		return this.election;
	}

	private void exited(WorkerHandle worker, int exitCode) {
		this.reports.exited(worker, exitCode);
	}

	private void notForked(ClusterWorker worker, String reason) {
		this.reports.notForked(worker, reason);
	}

	/**
	 * Takes the next steps towards what is wanted.
	 */
	void turn() {
		this.turns.take();
	}

	private void turned() {
		this.board.update(snapshot());
		if (!this.life.isStopping()) {
			this.desertion.review();
		}
	}

	private ClusterStatus snapshot() {
		@Nullable RollingRestart last = this.restarter.last();
		return new ClusterStatus(ProcessHandle.current().pid(), this.restarter.generation(), this.slots.all().size(),
				this.events.counts().figures(this.listeners.connections()), this.workers.snapshots(),
				this.slots.statuses(), (last != null) ? last.status() : null, this.generations.describe());
	}

}
