package io.github.bootcluster.master.supervise;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.function.Supplier;

import io.github.bootcluster.ClusterStatus;
import io.github.bootcluster.ClusterWorker;
import io.github.bootcluster.WorkerExit;
import io.github.bootcluster.WorkerVitals;
import io.github.bootcluster.wire.ControlConnection;
import io.github.bootcluster.wire.Frame;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

/**
 * What the supervisor hears of its workers, from them or of their processes: it is passed
 * to whom it concerns, and a turn follows. It belongs to the supervisor's thread.
 */
final class WorkerReports {

	/**
	 * Where a signal is sent to all processes at once, as systemd does, workers may tell
	 * of it before the master has heard it.
	 */
	static final Duration SIGNAL_SPREAD = Duration.ofSeconds(1);

	/**
	 * Those that end a process in the orderly way: INT and TERM.
	 */
	private static final Set<Integer> ENDING_SIGNALS = Set.of(128 + 2, 128 + 15);

	private static final Log logger = LogFactory.getLog(WorkerReports.class);

	private final ClusterLife life;

	private final WorkerTable workers;

	private final WorkerLives lives;

	private final SlotTable slots;

	private final Restarter restarter;

	private final Recycler recycler;

	private final PendingForks forks;

	private final SupervisorTurns turns;

	private final EventThread thread;

	private final Predicate<WorkerHandle> endsAsWell;

	private final Supplier<ClusterStatus> status;

	/**
	 * Creates the place where reports come in.
	 * @param life how far the cluster is
	 * @param workers the workers that there are
	 * @param lives takes note of what happens to workers
	 * @param slots the slots, which may be vacated
	 * @param restarter the rolling restart
	 * @param recycler replaces workers that have served long enough
	 * @param forks those who wait for a worker
	 * @param turns the turns to take
	 * @param thread the thread that everything happens on
	 * @param endsAsWell takes a worker that ends along, if all end
	 * @param status the status as it is now, for workers that come
	 */
	WorkerReports(ClusterLife life, WorkerTable workers, WorkerLives lives, SlotTable slots, Restarter restarter,
			Recycler recycler, PendingForks forks, SupervisorTurns turns, EventThread thread,
			Predicate<WorkerHandle> endsAsWell, Supplier<ClusterStatus> status) {
		this.life = life;
		this.workers = workers;
		this.lives = lives;
		this.slots = slots;
		this.restarter = restarter;
		this.recycler = recycler;
		this.forks = forks;
		this.turns = turns;
		this.thread = thread;
		this.endsAsWell = endsAsWell;
		this.status = status;
	}

	Optional<WorkerHandle> workerOf(ControlConnection connection) {
		return this.workers.byConnection(connection);
	}

	void hello(ControlConnection connection, Frame.Hello hello) {
		if (this.lives.hello(connection, hello)) {
			connection.offer(new Frame.Status(this.status.get()));
		}
		this.turns.take();
	}

	void listening(WorkerHandle worker, Frame.Listening answer) {
		this.lives.listening(worker, answer);
		this.turns.take();
	}

	void ready(WorkerHandle worker) {
		if (!worker.isStarting()) {
			return;
		}
		this.lives.ready(worker);
		this.restarter.ready(worker);
		this.recycler.ready(worker);
		this.life.start(worker.group());
		this.turns.take();
		this.forks.ready(worker);
	}

	/**
	 * A worker tells that its event loops answer. What it tells beside is taken up with
	 * what others tell a moment later: there is much of it.
	 * @param worker the worker
	 * @param vitals what it tells
	 */
	void vitals(WorkerHandle worker, WorkerVitals vitals) {
		worker.vitals(vitals);
		this.turns.heard(worker);
	}

	/**
	 * A worker's application tells whether it accepts traffic, and whether it is broken.
	 * It says so as well before it is ready and when it ends, which is heard of
	 * otherwise.
	 * @param worker the worker
	 * @param availability what it tells
	 */
	void available(WorkerHandle worker, Frame.Availability availability) {
		if (worker.isReady() && !this.life.isStopping()) {
			this.lives.accepting(worker, availability.accepting());
			this.turns.alive(worker, availability.correct());
			this.turns.take();
		}
	}

	void dumped(WorkerHandle worker, String dump) {
		worker.pulse().dumped(dump);
		this.turns.take();
	}

	void health(WorkerHandle worker, Frame.Health health) {
		this.restarter.health(worker, health);
		this.turns.take();
	}

	void draining(WorkerHandle worker) {
		if (!this.endsAsWell.test(worker)) {
			if (this.lives.draining(worker)) {
				this.thread.schedule(() -> confirm(worker), SIGNAL_SPREAD);
			}
			else {
				this.lives.remind(worker);
			}
		}
		this.turns.take();
	}

	/**
	 * The master stays: a worker leaves alone.
	 * @param worker the worker
	 */
	private void confirm(WorkerHandle worker) {
		if (!this.life.isStopping()) {
			worker.confirmDeparture();
			this.lives.confirm(worker);
			this.turns.take();
		}
	}

	void disconnected(WorkerHandle worker) {
		this.lives.disconnected(worker);
		this.turns.take();
	}

	void notForked(ClusterWorker worker, String reason) {
		failed(worker, reason, List.of(), false);
		this.turns.takeAnother();
	}

	void exited(WorkerHandle worker, int exitCode) {
		if (ENDING_SIGNALS.contains(exitCode) && worker.mayLeaveWithTheMaster() && !this.life.isStopping()) {
			this.thread.schedule(() -> ended(worker, exitCode), SIGNAL_SPREAD);
		}
		else {
			ended(worker, exitCode);
		}
	}

	private void ended(WorkerHandle worker, int exitCode) {
		if (this.life.isStopping() && worker.mayLeaveWithTheMaster() && ENDING_SIGNALS.contains(exitCode)) {
			this.lives.excuse(worker);
		}
		WorkerExit exit = this.lives.exited(worker, exitCode);
		this.slots.exited(worker, exit);
		if (!exit.voluntary() && !worker.wasReady()) {
			failed(worker.snapshot(), exit.reason(), exit.lastLines(), worker.isLate());
		}
		else if (this.restarter.isCanary(worker)) {
			this.restarter.lost(worker, exit);
		}
		else if (!this.life.isStopping()) {
			this.slots.left(worker, exit);
		}
		this.turns.take();
		worker.exited(exit);
	}

	/**
	 * Deals with a worker that did not become ready.
	 * @param worker the worker
	 * @param reason what became of it
	 * @param lastLines what it wrote last
	 * @param late whether it was not ready in time
	 */
	private void failed(ClusterWorker worker, String reason, List<String> lastLines, boolean late) {
		if (this.life.awaits(worker.group()) && !this.life.isStarted()) {
			this.life.failStart(new FirstWorkerFailedException(reason, lastLines, late));
		}
		else if (this.forks.failed(worker, reason, lastLines)) {
			logger
				.warn("Worker %d in slot %d %s, and is not tried again".formatted(worker.id(), worker.slot(), reason));
		}
		else if (this.restarter.isBringingUp(worker.generation())) {
			this.restarter.abort("worker %d %s".formatted(worker.id(), reason), lastLines);
		}
		else if (!this.life.isStopping()) {
			this.slots.vacate(worker, true);
		}
	}

}
