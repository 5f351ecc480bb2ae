package io.github.bootcluster.master;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Future;

import io.github.bootcluster.ClusterStartedEvent;
import io.github.bootcluster.ClusterStatus;
import io.github.bootcluster.ClusterWorker;
import io.github.bootcluster.RestartInProgressException;
import io.github.bootcluster.RollingRestart;
import io.github.bootcluster.WorkerDisconnectedEvent;
import io.github.bootcluster.WorkerExit;
import io.github.bootcluster.WorkerExitedEvent;
import io.github.bootcluster.WorkerForkedEvent;
import io.github.bootcluster.WorkerListeningEvent;
import io.github.bootcluster.WorkerOnlineEvent;
import io.github.bootcluster.WorkerReadyEvent;
import io.github.bootcluster.WorkerRespawnSuppressedEvent;
import io.github.bootcluster.WorkerState;
import io.github.bootcluster.process.LaunchException;
import io.github.bootcluster.process.WorkerProcess;
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

	private final MasterSettings settings;

	private final WorkerForker forker;

	private final Listeners listeners;

	private final MasterEvents events;

	private final EventThread thread;

	private final int parallelStarts;

	private final WorkerTable workers = new WorkerTable();

	private final List<Slot> slots = new ArrayList<>();

	private final StatusBoard board;

	private final Restarter restarter;

	private final CompletableFuture<Void> started = new CompletableFuture<>();

	private final CompletableFuture<Void> stopped = new CompletableFuture<>();

	private @Nullable Future<?> timer;

	private int lastId;

	private boolean stopping;

	/**
	 * Creates a supervisor that does nothing yet.
	 * @param settings what to go by
	 * @param forker forks the workers
	 * @param listeners the addresses that the workers share
	 * @param events takes the events
	 * @param thread the thread that everything happens on
	 * @param parallelStarts how many workers may start at the same time once one was
	 * ready
	 */
	Supervisor(MasterSettings settings, WorkerForker forker, Listeners listeners, MasterEvents events,
			EventThread thread, int parallelStarts) {
		this.settings = settings;
		this.forker = forker;
		this.listeners = listeners;
		this.events = events;
		this.thread = thread;
		this.parallelStarts = parallelStarts;
		for (int number = 1; number <= settings.workers(); number++) {
			this.slots.add(new Slot(number, 1));
		}
		this.restarter = new Restarter(settings, this.slots, this.workers, this, events, thread);
		this.board = new StatusBoard(thread, this.workers::connections, snapshot());
	}

	/**
	 * Begins to supervise.
	 * @return a stage that completes once a worker is ready, or fails with
	 * {@link FirstWorkerFailedException}
	 */
	CompletionStage<Void> start() {
		this.thread.execute(() -> {
			this.events.publish(new ClusterStartedEvent(snapshot()));
			turn();
		});
		return this.started;
	}

	ClusterStatus status() {
		return this.board.status();
	}

	CompletionStage<RollingRestart> restart() {
		CompletableFuture<RollingRestart> result = new CompletableFuture<>();
		this.thread.execute(() -> {
			try {
				result.complete(beginRestart());
			}
			catch (RuntimeException ex) {
				result.completeExceptionally(ex);
			}
		});
		return result;
	}

	/**
	 * Begins a rolling restart.
	 * @return the restart
	 * @throws RestartInProgressException if one runs
	 */
	RollingRestart beginRestart() {
		RollingRestart restart = this.restarter.begin(this.stopping || !this.started.isDone());
		turn();
		return restart;
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
			this.workers.all().stream().filter(WorkerHandle::isStaying).forEach((worker) -> drain(worker, "shutdown"));
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
		WorkerHandle worker = this.workers.byId(hello.worker());
		long pid = connection.peerPid().orElse(hello.pid());
		if (worker == null || worker.pid() != pid) {
			refuse(connection, "this master did not fork a worker %d with pid %d".formatted(hello.worker(), pid));
			return;
		}
		if (worker.state() != WorkerState.FORKED) {
			refuse(connection, "this master wants no hello of a worker %d that is %s".formatted(worker.id(),
					worker.state().name().toLowerCase(Locale.ROOT)));
			return;
		}
		if (hello.protocol() != Frame.Hello.PROTOCOL) {
			String reason = "its starter %s speaks protocol %d, the master's speaks %d: start the master anew"
				.formatted(hello.version(), hello.protocol(), Frame.Hello.PROTOCOL);
			refuse(connection, reason);
			condemn(worker, reason);
			return;
		}
		worker.online(connection);
		this.listeners.register(worker.id(), worker.slot(), pid);
		connection.send(new Frame.Welcome(this.listeners.kind()));
		connection.offer(new Frame.Status(snapshot()));
		this.events.publish(new WorkerOnlineEvent(worker.snapshot()));
		turn();
	}

	private void refuse(ControlConnection connection, String reason) {
		logger.warn("Refused on the control socket: " + reason);
		connection.sendLast(new Frame.Refused(reason));
	}

	void listening(WorkerHandle worker, Frame.Listening answer) {
		if (worker.state() == WorkerState.EXITED) {
			return;
		}
		if (worker.state().canBecome(WorkerState.LISTENING)) {
			worker.become(WorkerState.LISTENING);
		}
		this.events
			.publish(new WorkerListeningEvent(worker.snapshot(), answer.host(), answer.port(), this.listeners.kind()));
		turn();
	}

	void ready(WorkerHandle worker) {
		if (!worker.isStarting()) {
			return;
		}
		worker.ready(this.thread.now(), this.thread.nanoTime());
		slot(worker).occupied(worker.generation());
		this.listeners.admit(worker.id());
		this.restarter.ready(worker);
		this.started.complete(null);
		ClusterWorker snapshot = worker.snapshot();
		logger.info("%s is ready after %.1f s".formatted(worker,
				Duration.between(snapshot.forkedAt(), this.thread.now()).toMillis() / 1000.0));
		this.events.publish(new WorkerReadyEvent(snapshot));
		turn();
	}

	void draining(WorkerHandle worker) {
		if (worker.isStaying()) {
			leave(worker, new Departure(Departure.Kind.OWN, "it was told to end by somebody else"));
		}
		turn();
	}

	void disconnected(WorkerHandle worker) {
		worker.disconnected();
		this.events.publish(new WorkerDisconnectedEvent(worker.snapshot()));
		if (worker.isStaying()) {
			leave(worker, new Departure(Departure.Kind.LOST, "its control connection was lost"));
		}
		turn();
	}

	/**
	 * Lets a worker finish its connections and end.
	 * @param worker the worker
	 * @param reason why, fit for a log line
	 */
	void drain(WorkerHandle worker, String reason) {
		leave(worker, new Departure(Departure.Kind.REQUESTED, reason));
		sendDrain(worker);
	}

	private void sendDrain(WorkerHandle worker) {
		ControlConnection connection = worker.connection();
		if (connection != null) {
			connection.send(new Frame.Drain(this.settings.drainTimeout().toMillis()));
		}
		else if (worker.state() != WorkerState.EXITED) {
			worker.press(this.thread.nanoTime());
		}
	}

	/**
	 * Ends a worker that does not work.
	 * @param worker the worker
	 * @param reason what is wrong, fit for a log line
	 */
	void condemn(WorkerHandle worker, String reason) {
		leave(worker, new Departure(Departure.Kind.CONDEMNED, reason));
		worker.press(this.thread.nanoTime());
	}

	/**
	 * Ends a worker that has nothing to finish.
	 * @param worker the worker
	 * @param reason why it is not needed, fit for a log line
	 */
	void dismiss(WorkerHandle worker, String reason) {
		leave(worker, new Departure(Departure.Kind.REQUESTED, reason));
		worker.press(this.thread.nanoTime());
	}

	private void leave(WorkerHandle worker, Departure departure) {
		worker.depart(departure,
				this.thread.nanoTime() + this.settings.drainTimeout().plus(WorkerHandle.GRACE).toNanos());
		this.listeners.withhold(worker.id());
	}

	void closeUnusedListeners() {
		this.listeners.closeUnused();
	}

	/**
	 * Forks a worker.
	 * @param slot the slot
	 * @param generation the generation
	 */
	void fork(Slot slot, int generation) {
		int id = ++this.lastId;
		try {
			WorkerProcess process = this.forker.fork(id, slot.number(), generation);
			WorkerHandle worker = new WorkerHandle(id, slot.number(), generation, process, this.thread.now(),
					this.thread.nanoTime() + this.settings.startTimeout().toNanos());
			this.workers.add(worker);
			logger.info("%s was forked".formatted(worker));
			this.events.publish(new WorkerForkedEvent(worker.snapshot()));
			process.onExit().thenAccept((exitCode) -> this.thread.execute(() -> exited(worker, exitCode)));
		}
		catch (LaunchException ex) {
			logger.error(ex.getMessage());
			failed(new ClusterWorker(id, slot.number(), -1, WorkerState.EXITED, generation, this.thread.now(), null),
					slot, "could not be forked: " + ex.reason(), List.of());
			// As after an exit: this turn may have passed what the failure has changed
			this.thread.execute(this::turn);
		}
	}

	private void exited(WorkerHandle worker, int exitCode) {
		Departure departure = worker.departure();
		WorkerExit exit = WorkerExits.describe(exitCode, departure, worker.process().lastLines());
		if (worker.connection() != null) {
			worker.disconnected();
			this.events.publish(new WorkerDisconnectedEvent(worker.snapshot()));
		}
		worker.become(WorkerState.EXITED);
		this.workers.remove(worker);
		this.listeners.unregister(worker.id());
		this.events.publish(new WorkerExitedEvent(worker.snapshot(), exit));
		if (exit.voluntary()) {
			logger.info("%s %s".formatted(worker, exit.reason()));
		}
		else {
			logger.warn("%s %s".formatted(worker, exit.reason()));
			if (!worker.wasReady()) {
				failed(worker.snapshot(), slot(worker), exit.reason(), exit.lastLines());
			}
			else if (departure == null || !departure.isBlameless()) {
				boolean early = !worker.wasReadyFor(this.settings.respawn().healthyAfter(), this.thread.nanoTime());
				vacate(worker.snapshot(), slot(worker), early);
			}
		}
		turn();
	}

	/**
	 * Deals with a worker that did not become ready.
	 * @param worker the worker
	 * @param slot its slot
	 * @param reason what became of it
	 * @param lastLines what it wrote last
	 */
	private void failed(ClusterWorker worker, Slot slot, String reason, List<String> lastLines) {
		if (!this.started.isDone()) {
			forkNoMore();
			this.started.completeExceptionally(new FirstWorkerFailedException(reason, lastLines));
		}
		else if (this.restarter.isBringingUp(worker.generation())) {
			this.restarter.abort("worker %d %s".formatted(worker.id(), reason), lastLines);
		}
		else {
			vacate(worker, slot, true);
		}
	}

	private void vacate(ClusterWorker worker, Slot slot, boolean early) {
		if (this.stopping) {
			return;
		}
		Optional<Duration> delay = slot.vacated(early, this.settings.respawn(), this.thread.nanoTime());
		if (delay.isEmpty()) {
			logger.error("Slot %d is given up after %d workers in a row died early; a rolling restart takes it up again"
				.formatted(slot.number(), slot.earlyDeaths()));
			this.events.publish(new WorkerRespawnSuppressedEvent(worker, slot.earlyDeaths()));
		}
		else if (!delay.get().isZero()) {
			logger.info("Slot %d is filled again in %d ms".formatted(slot.number(), delay.get().toMillis()));
		}
	}

	/**
	 * Takes the next steps towards what is wanted. Whatever goes wrong in one turn, there
	 * is a next one.
	 */
	void turn() {
		long now = this.thread.nanoTime();
		try {
			takeSteps(now);
		}
		finally {
			this.board.update(snapshot());
			scheduleTurn(now);
		}
	}

	private void takeSteps(long now) {
		for (WorkerHandle worker : this.workers.all()) {
			if (now >= worker.deadline()) {
				overdue(worker, now);
			}
		}
		if (!this.stopping) {
			this.restarter.advance();
			fill(now);
		}
		else if (this.workers.isEmpty()) {
			this.stopped.complete(null);
		}
	}

	private void overdue(WorkerHandle worker, long now) {
		if (worker.isStarting()) {
			condemn(worker, "it was not ready within %d s".formatted(this.settings.startTimeout().toSeconds()));
		}
		else {
			logger.warn("%s is still there %d s after it should have ended".formatted(worker,
					WorkerHandle.GRACE.toSeconds()));
			worker.press(now);
		}
	}

	private void fill(long now) {
		for (Slot slot : this.slots) {
			boolean empty = this.workers.in(slot).noneMatch(this.restarter::occupies);
			if (empty && slot.mayFork(now) && this.restarter.hasRoom() && mayStartAnother()) {
				fork(slot, this.restarter.generationFor(slot));
			}
		}
	}

	/**
	 * Tells whether a further worker may start beside those that do. Until one has been
	 * ready there is just one, so that an application that cannot start says so once.
	 * @return whether another may start
	 */
	boolean mayStartAnother() {
		if (this.stopping) {
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
		long next = this.restarter.deadline();
		for (WorkerHandle worker : this.workers.all()) {
			next = Math.min(next, worker.deadline());
		}
		for (Slot slot : this.slots) {
			if (!slot.isSuppressed() && slot.forkNotBefore() > now) {
				next = Math.min(next, slot.forkNotBefore());
			}
		}
		if (next != Long.MAX_VALUE) {
			this.timer = this.thread.schedule(this::turn, Duration.ofNanos(Math.max(next - now, 1)));
		}
	}

	private Slot slot(WorkerHandle worker) {
		return this.slots.get(worker.slot() - 1);
	}

	private ClusterStatus snapshot() {
		@Nullable RollingRestart last = this.restarter.last();
		return new ClusterStatus(ProcessHandle.current().pid(), this.restarter.generation(), this.settings.workers(),
				this.workers.snapshots(), (last != null) ? last.status() : null);
	}

}
