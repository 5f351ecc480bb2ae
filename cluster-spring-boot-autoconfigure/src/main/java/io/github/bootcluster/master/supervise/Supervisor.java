package io.github.bootcluster.master.supervise;

import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Future;
import java.util.function.DoubleSupplier;
import java.util.function.IntConsumer;
import java.util.function.IntFunction;
import java.util.function.Supplier;

import io.github.bootcluster.ClusterStatus;
import io.github.bootcluster.ClusterUnavailableException;
import io.github.bootcluster.ClusterWorker;
import io.github.bootcluster.RollingRestart;
import io.github.bootcluster.ScaleOutcome;
import io.github.bootcluster.WorkerExit;
import io.github.bootcluster.WorkerResources;
import io.github.bootcluster.event.ClusterStartedEvent;
import io.github.bootcluster.master.listen.Listeners;
import io.github.bootcluster.message.support.MessageRouter;
import io.github.bootcluster.wire.ControlConnection;
import io.github.bootcluster.wire.Frame;
import io.github.bootcluster.wire.Operation;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the wanted number of workers alive. All its state belongs to one thread, and each
 * turn of it compares what is wanted with what is and takes the next steps, so that it
 * does not matter in which order things happen. The shape is that of the loop in Puma's
 * {@code cluster.rb}.
 * <p>
 * What workers report is noted here and acted on in the turn that follows.
 */
public final class Supervisor {

	/**
	 * What sysexits.h calls an internal software error.
	 */
	static final int EXIT_CODE_DESERTED = 70;

	private static final Log logger = LogFactory.getLog(Supervisor.class);

	private static final Duration MAX_LAG = Duration.ofSeconds(2);

	/**
	 * How long workers' figures are gathered before they are looked at.
	 */
	private static final Duration FIGURES_INTERVAL = Duration.ofSeconds(1);

	private final LiveSettings settings;

	private final Generations generations;

	private final Listeners listeners;

	private final MasterEvents events;

	private final EventThread thread;

	private final IntConsumer exit;

	private final ClusterLife life;

	private final WorkerPool workers;

	private final SlotTable slots;

	private final Restarter restarter;

	private final Recycler recycler;

	private final Watchdog watchdog;

	private final Election election;

	private final Scaler scaler;

	private final RestartStarter starter;

	private final Operations operations;

	private final StatusBoard board;

	private boolean deserted;

	private boolean unwanted;

	private @Nullable Future<?> timer;

	private long timerDue = Long.MAX_VALUE;

	private long figuresDue = Long.MAX_VALUE;

	/**
	 * Creates a supervisor that does nothing yet.
	 */
	public Supervisor(LiveSettings settings, Platform platform, Generations generations, Listeners listeners,
			MasterEvents events) {
		this.settings = settings;
		this.generations = generations;
		this.listeners = listeners;
		this.events = events;
		this.thread = platform.thread();
		this.exit = platform.exit();
		this.workers = new WorkerPool(settings, platform.forker(), listeners, events, this.thread);
		this.slots = new SlotTable(settings, this.workers, events, this.thread);
		this.life = new ClusterLife(settings, this.slots.groups(), this.workers, listeners, this.thread);
		this.restarter = new Restarter(settings, generations, this.slots, this.workers, events, this.thread);
		this.recycler = new Recycler(settings, this.slots.all(), this.workers, platform.random());
		this.watchdog = new Watchdog(settings, this.workers, listeners, events);
		this.election = new Election(this.workers, this.restarter);
		this.scaler = new Scaler(settings.get().descriptors(), this.slots, this.workers, this.restarter);
		this.starter = new RestartStarter(settings, this.slots, this.restarter, this.generations, this.scaler,
				this.thread);
		this.operations = new Operations(this.life, this.slots, this.workers, this.scaler, this.starter, this.recycler,
				() -> this.exit.accept(0));
		this.board = new StatusBoard(this.thread, this.workers::connections, snapshot());
		this.thread.turnBy(this::turn);
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
				.whenComplete((done, failure) -> this.thread.execute(() -> {
					this.life.prepared();
					if (failure != null && !this.life.isStopping()) {
						this.life.failStart(failure);
					}
				}));
		});
		return this.life.started();
	}

	public ClusterStatus status() {
		return this.board.status();
	}

	/**
	 * Takes the next steps towards what is wanted. Whatever goes wrong in one turn, there
	 * is a next one.
	 */
	private void turn() {
		long now = this.thread.nanoTime();
		allowForPause(now - this.timerDue);
		try {
			reap(now);
			this.workers.all().stream().filter((worker) -> now >= worker.deadline()).forEach(this.workers::overdue);
			if (now >= this.figuresDue) {
				this.figuresDue = Long.MAX_VALUE;
				this.workers.all().forEach(WorkerHandle::measureMemory);
			}
			if (!this.life.isStopping()) {
				confirmDepartures(now);
				this.workers.balanceRefusing();
				this.watchdog.advance(now);
				if (this.restarter.isRunning()) {
					this.recycler.yield();
				}
				else {
					this.recycler.advance(now);
				}
				this.restarter.advance();
				fill(now);
				this.election.advance();
			}
			else if (this.workers.isEmpty()) {
				this.life.end();
			}
			this.scaler.review(this.life.isStopping());
			retainGenerations();
		}
		finally {
			this.board.update(snapshot());
			endIfDeserted();
			closeListenersIfUnwanted();
			schedule(now);
		}
	}

	/**
	 * Gives workers the time in which this process was paused, suspended or stopped by a
	 * debugger: what they said meanwhile has not been heard yet, or they were paused,
	 * too.
	 */
	private void allowForPause(long lag) {
		if (lag > MAX_LAG.toNanos()) {
			this.workers.all().forEach((worker) -> worker.postpone(lag));
		}
	}

	private void reap(long now) {
		for (WorkerHandle worker : this.workers.all()) {
			if (worker.hasEnded() && (now >= worker.settledAt() || this.life.isStopping())) {
				ended(worker, worker.takeExitCode());
			}
		}
		this.workers.takeFailedForks().forEach((fork) -> notReady(fork.worker(), fork.reason(), List.of(), false));
	}

	private void ended(WorkerHandle worker, int exitCode) {
		if (this.life.isStopping() && worker.mayLeaveWithTheMaster() && WorkerHandle.isEndingSignal(exitCode)) {
			this.workers.leave(worker, new Departure(Departure.Kind.REQUESTED, "shutdown"));
		}
		WorkerExit exit = this.workers.exited(worker, exitCode);
		this.slots.exited(worker, exit);
		if (!exit.voluntary() && !worker.wasReady()) {
			notReady(worker.snapshot(), exit.reason(), exit.lastLines(), worker.isLate());
		}
		else if (this.restarter.isCanary(worker)) {
			this.restarter.lost(worker, exit);
		}
		else if (!this.life.isStopping()) {
			this.slots.left(worker, exit);
		}
		worker.exited(exit);
	}

	private void notReady(ClusterWorker worker, String reason, List<String> lastLines, boolean late) {
		if (this.life.awaits(worker.group())) {
			if (this.life.failed(worker, new FirstWorkerFailedException(reason, lastLines, late))) {
				this.slots.vacate(worker, true);
			}
		}
		else if (this.scaler.failed(worker, reason, lastLines)) {
			logger
				.warn("Worker %d in slot %d %s and is not started again".formatted(worker.id(), worker.slot(), reason));
		}
		else if (this.restarter.isBringingUp(worker.group(), worker.generation())) {
			this.restarter.failed(worker, reason, lastLines);
		}
		else if (!this.life.isStopping()) {
			this.slots.vacate(worker, true);
		}
	}

	/**
	 * Lets workers finish that leave by themselves, once it is clear that the master
	 * stays.
	 */
	private void confirmDepartures(long now) {
		for (WorkerHandle worker : this.workers.all()) {
			if (!worker.hasEnded() && now >= worker.settledAt()) {
				worker.settleAt(Long.MAX_VALUE);
				this.workers.confirmDeparture(worker);
			}
		}
	}

	private void fill(long now) {
		boolean ranBefore = this.generations.hasRunBefore(this.restarter.generation());
		for (Slot slot : this.slots.all()) {
			boolean empty = this.workers.in(slot)
				.noneMatch((worker) -> this.restarter.occupies(worker) || this.recycler.occupies(worker));
			if (empty && slot.mayFork(now) && this.restarter.hasRoom() && this.life.mayStart(slot, ranBefore)) {
				boolean respawn = slot.isOrphaned() || this.workers.in(slot).anyMatch((worker) -> !worker.isUnwanted());
				if (this.workers.fork(slot, this.restarter.generationFor(slot)) == null) {
					// The next turn begins with what that means
					return;
				}
				if (respawn) {
					this.events.counts().respawned();
				}
			}
		}
	}

	private void retainGenerations() {
		Set<Integer> needed = new HashSet<>(this.restarter.generations());
		this.slots.all().forEach((slot) -> needed.add(slot.generation()));
		this.workers.all().forEach((worker) -> needed.add(worker.generation()));
		this.generations.retain(needed);
		this.election.retain(needed);
	}

	/**
	 * Ends the master once every slot is given up, if it is configured so: the service
	 * manager that started it can do more about that than the master itself.
	 */
	private void endIfDeserted() {
		boolean now = !this.life.isStopping() && !this.slots.all().isEmpty()
				&& this.slots.all().stream().allMatch(Slot::isSuppressed) && this.workers.isEmpty()
				&& !this.restarter.isRunning();
		if (now && !this.deserted) {
			boolean ends = this.settings.respawn().exitWhenGivenUp();
			logger.error("All %d slots are given up, and no worker is left to serve: %s"
				.formatted(this.slots.all().size(), ends ? "the master ends with exit code " + EXIT_CODE_DESERTED
						: "a rolling restart takes them up again"));
			if (ends) {
				this.exit.accept(EXIT_CODE_DESERTED);
			}
		}
		this.deserted = now;
	}

	/**
	 * Closes the listening sockets once nobody is there, or will be, who could take a
	 * connection: it would wait for ever.
	 */
	private void closeListenersIfUnwanted() {
		boolean now = !this.life.isStopping() && this.slots.all().isEmpty() && this.workers.isEmpty();
		if (now && !this.unwanted) {
			this.listeners.closeUnused(Set.copyOf(this.slots.groups()), Set.of());
		}
		this.unwanted = now;
	}

	ClusterStatus snapshot() {
		@Nullable RollingRestart last = this.restarter.last();
		return new ClusterStatus(ProcessHandle.current().pid(), this.restarter.generation(), this.slots.all().size(),
				this.events.counts().figures(this.listeners.connections()), this.workers.snapshots(),
				this.slots.statuses(), (last != null) ? last.status() : null, this.generations.describe());
	}

	/**
	 * Sets the one timer that there is to the next time at which something has to happen.
	 */
	private void schedule(long now) {
		if (this.timer != null) {
			this.timer.cancel(false);
		}
		long next = this.figuresDue;
		for (WorkerHandle worker : this.workers.all()) {
			next = Math.min(next, worker.deadline());
		}
		if (!this.life.isStopping()) {
			// Else these times would pass, and nobody would set new ones
			next = Math.min(Math.min(next, this.restarter.deadline()),
					Math.min(this.watchdog.deadline(), this.slots.nextFork(now)));
			for (WorkerHandle worker : this.workers.all()) {
				next = Math.min(next, worker.settledAt());
			}
		}
		this.timerDue = next;
		if (next != Long.MAX_VALUE) {
			this.timer = this.thread.schedule(() -> {
			}, Duration.ofNanos(Math.max(next - now, 1)));
		}
	}

	Optional<WorkerHandle> workerOf(ControlConnection connection) {
		return this.workers.byConnection(connection);
	}

	void hello(ControlConnection connection, Frame.Hello hello) {
		if (this.workers.hello(connection, hello)) {
			connection.offer(new Frame.Status(snapshot()));
		}
	}

	void listening(WorkerHandle worker, Frame.Listening answer) {
		this.workers.listening(worker, answer);
	}

	void ready(WorkerHandle worker, WorkerResources resources) {
		if (worker.isStarting()) {
			this.workers.ready(worker, resources);
			this.restarter.ready(worker);
			this.recycler.ready(worker);
			this.life.ready(worker.group());
			this.scaler.ready(worker);
			this.generations.ran(worker.generation());
		}
	}

	/**
	 * A worker reports its figures, and by that that its event loops answer. They are
	 * looked at together with those of others, a moment later: there are many.
	 */
	void vitals(WorkerHandle worker, Frame.Vitals report) {
		long now = this.thread.nanoTime();
		worker.vitals(report.vitals());
		worker.pulse().expect(report.next());
		this.listeners.report(worker.id(), report.vitals(), report.next());
		this.watchdog.heard(worker, now);
		if (this.figuresDue == Long.MAX_VALUE) {
			this.figuresDue = now + FIGURES_INTERVAL.toNanos();
			schedule(now);
		}
	}

	/**
	 * A worker reports its availability. It does so as well before it is ready and when
	 * it ends, which is heard of otherwise.
	 */
	void available(WorkerHandle worker, Frame.Availability availability) {
		if (worker.isReady() && !this.life.isStopping()) {
			this.workers.accepting(worker, availability.accepting());
			this.watchdog.alive(worker, availability.correct(), this.thread.nanoTime());
		}
	}

	void health(WorkerHandle worker, Frame.Health health) {
		this.restarter.health(worker, health);
	}

	void disconnected(WorkerHandle worker) {
		this.workers.disconnected(worker);
	}

	/**
	 * A worker reports that it ends. What has told it so may be about to reach the master
	 * as well.
	 */
	void draining(WorkerHandle worker) {
		if (worker.isStaying() && this.life.isStopping()) {
			this.life.takeAlong(worker);
		}
		else if (worker.isStaying()) {
			this.workers.leave(worker, new Departure(Departure.Kind.OWN, "it was told to end by somebody else"));
			worker.settleAt(this.thread.nanoTime() + WorkerHandle.SIGNAL_SPREAD.toNanos());
		}
		else if (worker.connection() != null) {
			this.workers.sendDrain(worker);
		}
	}

	public CompletionStage<Void> stop() {
		this.thread.execute(() -> {
			this.life.stop();
			this.restarter.stop();
		});
		return this.life.stopped();
	}

	CompletionStage<Void> kill() {
		return CompletableFuture.runAsync(() -> {
			this.life.forkNoMore();
			this.restarter.stop();
			this.workers.all().forEach((worker) -> worker.kill(this.thread.nanoTime()));
		}, this.thread);
	}

	CompletionStage<@Nullable Object> perform(Operation operation, String origin) {
		return call(() -> this.operations.perform(operation, origin, null))
			.thenCompose((performed) -> performed.thenApply((result) -> result));
	}

	CompletionStage<ScaleOutcome> scaleBy(int more, String origin) {
		return call(() -> this.operations.scale(ClusterWorker.DEFAULT_GROUP,
				this.slots.in(ClusterWorker.DEFAULT_GROUP).size() + more, origin));
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

	Operations operations() {
		return this.operations;
	}

	/**
	 * Sets what reads the settings anew for each restart.
	 * @param reader takes the generation, and throws an exception if the settings are not
	 * allowed; it is called on any thread
	 */
	public void readAgainBy(IntFunction<NewSettings> reader) {
		this.thread.execute(() -> this.starter.readBy(reader));
	}

	public MessageRouter messages() {
		return this.workers.messages();
	}

	Election election() {
		return this.election;
	}

	/**
	 * What the operating system gives to a supervisor, and what tests do by hand.
	 *
	 * @param thread the thread that everything happens on, and its clock
	 * @param forker forks the workers
	 * @param random draws numbers from 0 to below 1
	 * @param exit ends this process in the orderly way, which stops the cluster, with an
	 * exit code
	 */
	public record Platform(EventThread thread, WorkerForker forker, DoubleSupplier random, IntConsumer exit) {

	}

}
