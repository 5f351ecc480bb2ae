package io.github.bootcluster.master.supervise;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import io.github.bootcluster.ClusterWorker;
import io.github.bootcluster.WorkerExit;
import io.github.bootcluster.WorkerResources;
import io.github.bootcluster.WorkerState;
import io.github.bootcluster.event.WorkerDisconnectedEvent;
import io.github.bootcluster.event.WorkerExitedEvent;
import io.github.bootcluster.event.WorkerForkedEvent;
import io.github.bootcluster.event.WorkerListeningEvent;
import io.github.bootcluster.event.WorkerOnlineEvent;
import io.github.bootcluster.event.WorkerReadyEvent;
import io.github.bootcluster.master.listen.Listeners;
import io.github.bootcluster.message.support.MessageRouter;
import io.github.bootcluster.process.LaunchException;
import io.github.bootcluster.process.PortConflict;
import io.github.bootcluster.process.WorkerProcess;
import io.github.bootcluster.wire.ControlConnection;
import io.github.bootcluster.wire.Frame;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

/**
 * The workers whose processes have not ended. It forks them, keeps track of what they
 * report, and ends them; when to do what is decided elsewhere. It belongs to the
 * supervisor's thread.
 */
final class WorkerPool {

	private static final Log logger = LogFactory.getLog(WorkerPool.class);

	private final LiveSettings settings;

	private final WorkerForker forker;

	private final Listeners listeners;

	private final MasterEvents events;

	private final EventThread thread;

	private final MessageRouter messages = new MessageRouter();

	private final Map<Integer, WorkerHandle> workers = new TreeMap<>();

	private final List<FailedFork> failedForks = new ArrayList<>();

	private final String password = UUID.randomUUID().toString();

	private int lastId;

	WorkerPool(LiveSettings settings, WorkerForker forker, Listeners listeners, MasterEvents events,
			EventThread thread) {
		this.settings = settings;
		this.forker = forker;
		this.listeners = listeners;
		this.events = events;
		this.thread = thread;
	}

	MessageRouter messages() {
		return this.messages;
	}

	boolean isEmpty() {
		return this.workers.isEmpty();
	}

	int size() {
		return this.workers.size();
	}

	/**
	 * Returns a copy, so that workers may come and go while it is iterated over.
	 */
	List<WorkerHandle> all() {
		return new ArrayList<>(this.workers.values());
	}

	@Nullable WorkerHandle byId(int id) {
		return this.workers.get(id);
	}

	Optional<WorkerHandle> byConnection(ControlConnection connection) {
		return this.workers.values().stream().filter((worker) -> worker.connection() == connection).findFirst();
	}

	Stream<ControlConnection> connections() {
		return this.workers.values().stream().map(WorkerHandle::connection).filter(Objects::nonNull);
	}

	Stream<WorkerHandle> in(Slot slot) {
		return this.workers.values().stream().filter(slot::isOf);
	}

	int count(Predicate<WorkerHandle> predicate) {
		return (int) this.workers.values().stream().filter(predicate).count();
	}

	boolean hasReady(Slot slot, int generation) {
		return in(slot).anyMatch((worker) -> worker.isReady() && worker.generation() == generation);
	}

	boolean isAlone(WorkerHandle worker) {
		return count((other) -> other != worker && other.sharesSlotWith(worker) && other.isStaying()) == 0;
	}

	List<ClusterWorker> snapshots() {
		return this.workers.values().stream().map(WorkerHandle::snapshot).toList();
	}

	/**
	 * Forks a worker. What becomes of it, a failed fork included, is seen at the
	 * beginning of the next turn.
	 * @return the worker, or {@code null} if it could not be forked
	 */
	@Nullable WorkerHandle fork(Slot slot, int generation) {
		int id = ++this.lastId;
		try {
			WorkerProcess process = this.forker.fork(id, slot, generation);
			WorkerHandle worker = new WorkerHandle(id, slot, generation, process, this.thread.now(),
					new StartLimit(this.settings.startTimeout(), this.thread.nanoTime()));
			this.workers.put(id, worker);
			this.events.publish(new WorkerForkedEvent(worker.snapshot()));
			process.onExit()
				.thenAccept((code) -> this.thread.execute(() -> worker.ended(code, this.thread.nanoTime())));
			return worker;
		}
		catch (LaunchException ex) {
			logger.error(ex.getMessage());
			failed(id, slot, generation, ex.reason());
		}
		catch (RuntimeException ex) {
			// A restart that waits for the worker must hear of unexpected failures, too
			logger.error("Cannot fork worker %d".formatted(id), ex);
			failed(id, slot, generation, ex.toString());
		}
		return null;
	}

	private void failed(int id, Slot slot, int generation, String reason) {
		ClusterWorker worker = new ClusterWorker(id, slot.group(), slot.number(), -1, WorkerState.EXITED, generation,
				this.thread.now(), null, null, null, null);
		this.failedForks.add(new FailedFork(worker, "could not be forked: " + reason));
		this.thread.wake();
	}

	List<FailedFork> takeFailedForks() {
		List<FailedFork> taken = List.copyOf(this.failedForks);
		this.failedForks.clear();
		return taken;
	}

	boolean hello(ControlConnection connection, Frame.Hello hello) {
		WorkerHandle worker = byId(hello.worker());
		long pid = connection.peerPid().orElse(hello.pid());
		if (worker == null || worker.pid() != pid) {
			refuse(connection, "this master did not fork a worker %d with pid %d".formatted(hello.worker(), pid));
			return false;
		}
		if (worker.state() != WorkerState.FORKED) {
			refuse(connection,
					"worker %d is already %s".formatted(worker.id(), worker.state().name().toLowerCase(Locale.ROOT)));
			return false;
		}
		if (hello.protocol() != Frame.Hello.PROTOCOL) {
			String reason = "its starter %s speaks protocol %d, the master's speaks %d: start the master anew"
				.formatted(hello.version(), hello.protocol(), Frame.Hello.PROTOCOL);
			refuse(connection, reason);
			terminate(worker, new Departure(Departure.Kind.FAULTY, reason));
			return false;
		}
		worker.online(connection);
		worker.process().online();
		this.listeners.register(worker.id(), worker.group(), worker.slot(), pid, this.settings.get().maxConnections());
		this.messages.register(worker.snapshot(), connection);
		connection.send(new Frame.Welcome(this.listeners.kind(), this.password));
		this.events.publish(new WorkerOnlineEvent(worker.snapshot()));
		if (!worker.isStaying()) {
			sendDrain(worker);
		}
		return true;
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
	}

	void ready(WorkerHandle worker, WorkerResources resources) {
		worker.ready(resources, this.thread.now(), this.thread.nanoTime());
		this.listeners.admit(worker.id());
		this.events.publish(new WorkerReadyEvent(worker.snapshot()));
	}

	/**
	 * Gives connections to a ready worker, or none, as its readiness state wants.
	 */
	void accepting(WorkerHandle worker, boolean accepting) {
		if (worker.isRefusing() != accepting) {
			return;
		}
		worker.refuse(!accepting);
		if (!accepting) {
			this.listeners.withhold(worker.id());
			logger.info("%s refuses traffic, by its readiness state: it gets no new connections".formatted(worker));
		}
		else if (!worker.pulse().isSuspected()) {
			this.listeners.admit(worker.id());
			logger.info("%s accepts traffic again".formatted(worker));
		}
	}

	/**
	 * Where all ready workers of a group refuse traffic, all get it: else a request for
	 * liveness would wait as well. Without a cluster the application serves all clients
	 * that connect, too. The idea is Envoy's panic threshold.
	 */
	void balanceRefusing() {
		if (count((worker) -> worker.isReady() && worker.isRefusing()) == 0) {
			return;
		}
		Map<String, List<WorkerHandle>> groups = this.workers.values()
			.stream()
			.filter(WorkerHandle::isReady)
			.collect(Collectors.groupingBy(WorkerHandle::group));
		groups.forEach((group, ready) -> {
			boolean all = ready.stream().allMatch(WorkerHandle::isRefusing);
			List<WorkerHandle> changed = ready.stream()
				.filter((worker) -> worker.isRefusing() && worker.servesNevertheless() != all)
				.toList();
			if (all && changed.size() == ready.size()) {
				logger.warn(
						"All ready workers of group %s refuse traffic: connections go to all of them".formatted(group));
			}
			changed.forEach((worker) -> serveNevertheless(worker, all));
		});
	}

	private void serveNevertheless(WorkerHandle worker, boolean serve) {
		worker.serveNevertheless(serve);
		if (!serve) {
			this.listeners.withhold(worker.id());
		}
		else if (!worker.pulse().isSuspected()) {
			this.listeners.admit(worker.id());
		}
	}

	void disconnected(WorkerHandle worker) {
		worker.disconnected();
		this.events.publish(new WorkerDisconnectedEvent(worker.snapshot()));
		if (worker.isStaying()) {
			leave(worker, new Departure(Departure.Kind.LOST, "its control connection was lost"));
		}
	}

	void drain(WorkerHandle worker, String reason) {
		leave(worker, new Departure(Departure.Kind.REQUESTED, reason));
		sendDrain(worker);
	}

	/**
	 * Listens no more where none of the workers that stay in some groups does.
	 */
	void closeUnusedListeners(Set<String> groups, Predicate<WorkerHandle> staying) {
		this.listeners.closeUnused(groups,
				all().stream().filter(staying).map(WorkerHandle::id).collect(Collectors.toUnmodifiableSet()));
	}

	/**
	 * Lets a worker that leaves by itself finish, which it only does once it is told to:
	 * until then it can take what is queued.
	 */
	void confirmDeparture(WorkerHandle worker) {
		worker.confirmDeparture();
		Departure departure = worker.departure();
		if (departure != null && !worker.isGone() && worker.connection() != null) {
			leave(worker, departure);
			sendDrain(worker);
		}
	}

	void sendDrain(WorkerHandle worker) {
		ControlConnection connection = worker.connection();
		if (connection != null) {
			connection.send(new Frame.Drain(this.settings.drainTimeout().toMillis()));
		}
		else if (worker.state() != WorkerState.EXITED) {
			worker.escalate(this.thread.nanoTime());
		}
	}

	void terminate(WorkerHandle worker, Departure departure) {
		leave(worker, departure);
		worker.escalate(this.thread.nanoTime());
	}

	void kill(WorkerHandle worker) {
		worker.kill(this.thread.nanoTime());
	}

	/**
	 * Ends a worker that has nothing to finish.
	 */
	void dismiss(WorkerHandle worker, String reason) {
		terminate(worker, new Departure(Departure.Kind.REQUESTED, reason));
	}

	/**
	 * Marks a worker as leaving: it gets no further connections, and has a limited time.
	 */
	void leave(WorkerHandle worker, Departure departure) {
		// A worker that was never ready has no connection to finish
		Duration limit = worker.wasReady() ? this.settings.drainTimeout().plus(this.settings.stopTimeout())
				: WorkerHandle.GRACE;
		worker.depart(departure, this.thread.nanoTime() + limit.toNanos());
		this.listeners.withhold(worker.id());
	}

	void overdue(WorkerHandle worker) {
		if (worker.isStarting()) {
			judgeStart(worker);
		}
		else {
			logger.warn("%s did not end in time (cluster.drain.timeout, cluster.worker.stop-timeout): %s"
				.formatted(worker, worker.wasTerminated() ? "killing it" : "terminating it"));
			worker.escalate(this.thread.nanoTime());
		}
	}

	private void judgeStart(WorkerHandle worker) {
		long seconds = worker.startLimit().waited().toSeconds();
		switch (worker.judgeStart(this.thread.nanoTime())) {
			case OBSERVED -> {
			}
			case SLOW -> logger.warn(
					"%s is not ready after %d s (cluster.worker.start-timeout), but still uses processor time: waiting %d s more"
						.formatted(worker, seconds, worker.startLimit().waited().toSeconds() - seconds));
			case BUSY_FOR_EVER ->
				late(worker, "it was not ready within %d s and still used processor time".formatted(seconds));
			case IDLE -> late(worker, "it was not ready within %d s and was idle".formatted(seconds));
			case UNKNOWN -> late(worker, "it was not ready within %d s".formatted(seconds));
		}
	}

	private void late(WorkerHandle worker, String reason) {
		terminate(worker, new Departure(Departure.Kind.LATE, reason));
	}

	WorkerExit exited(WorkerHandle worker, int exitCode) {
		WorkerExit exit = WorkerExits.describe(exitCode, worker.departure(), worker.wasReady(),
				worker.process().lastLines(), () -> !worker.wasKilled() && worker.process().wasKilledForMemory());
		PortConflict conflict = worker.process().portConflict();
		if (conflict != null && !exit.voluntary()) {
			exit = WorkerExits.because(exit, PortHolder.describe(conflict, worker, this));
		}
		if (worker.connection() != null) {
			worker.disconnected();
			this.events.publish(new WorkerDisconnectedEvent(worker.snapshot()));
		}
		worker.become(WorkerState.EXITED);
		this.workers.remove(worker.id());
		this.listeners.unregister(worker.id());
		this.events.publish(new WorkerExitedEvent(worker.snapshot(), exit));
		return exit;
	}

	/**
	 * Worker that could not be forked.
	 *
	 * @param worker what it would have been
	 * @param reason what is wrong, a phrase that goes on after the worker's name
	 */
	record FailedFork(ClusterWorker worker, String reason) {

	}

}
