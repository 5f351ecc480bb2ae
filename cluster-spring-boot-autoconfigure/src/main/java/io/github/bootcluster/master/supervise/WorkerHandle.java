package io.github.bootcluster.master.supervise;

import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

import io.github.bootcluster.ClusterWorker;
import io.github.bootcluster.WorkerExit;
import io.github.bootcluster.WorkerResources;
import io.github.bootcluster.WorkerState;
import io.github.bootcluster.WorkerVitals;
import io.github.bootcluster.process.WorkerProcess;
import io.github.bootcluster.wire.ControlConnection;
import org.jspecify.annotations.Nullable;

/**
 * A worker as the master sees it. Its state belongs to the supervisor's thread.
 */
final class WorkerHandle {

	/**
	 * How long a worker that was told to end may take before it is sent a stronger
	 * signal.
	 */
	static final Duration GRACE = Duration.ofSeconds(5);

	/**
	 * Where a signal is sent to all processes at once, as systemd does, workers may tell
	 * of it before the master has heard it.
	 */
	static final Duration SIGNAL_SPREAD = Duration.ofSeconds(1);

	/**
	 * Exit codes after signals that end a process in the orderly way: INT and TERM.
	 */
	private static final Set<Integer> ENDING_SIGNALS = Set.of(128 + 2, 128 + 15);

	private final int id;

	private final String group;

	private final int slot;

	private final int generation;

	private final WorkerProcess process;

	private final Instant forkedAt;

	private WorkerState state = WorkerState.FORKED;

	private @Nullable ControlConnection connection;

	private @Nullable Instant readyAt;

	private long readySince = -1;

	private @Nullable Departure departure;

	private boolean confirmed;

	private boolean refusing;

	private boolean servingNevertheless;

	private final Pulse pulse = new Pulse();

	private @Nullable WorkerVitals vitals;

	private @Nullable WorkerResources resources;

	private @Nullable Long memory;

	private long requestLimit = Long.MAX_VALUE;

	private Pressure pressure = Pressure.NONE;

	private final CompletableFuture<WorkerExit> exit = new CompletableFuture<>();

	private final StartLimit startLimit;

	private long deadline;

	private @Nullable Integer exitCode;

	private long settledAt = Long.MAX_VALUE;

	WorkerHandle(int id, Slot slot, int generation, WorkerProcess process, Instant forkedAt, StartLimit startLimit) {
		this.id = id;
		this.group = slot.group();
		this.slot = slot.number();
		this.generation = generation;
		this.process = process;
		this.forkedAt = forkedAt;
		this.startLimit = startLimit;
		this.deadline = startLimit.deadline();
	}

	int id() {
		return this.id;
	}

	String group() {
		return this.group;
	}

	int slot() {
		return this.slot;
	}

	boolean sharesSlotWith(WorkerHandle other) {
		return this.slot == other.slot && this.group.equals(other.group);
	}

	int generation() {
		return this.generation;
	}

	long pid() {
		return this.process.pid();
	}

	WorkerProcess process() {
		return this.process;
	}

	WorkerState state() {
		return this.state;
	}

	@Nullable ControlConnection connection() {
		return this.connection;
	}

	@Nullable Departure departure() {
		return this.departure;
	}

	@Nullable WorkerVitals vitals() {
		return this.vitals;
	}

	void vitals(WorkerVitals vitals) {
		this.vitals = vitals;
	}

	Pulse pulse() {
		return this.pulse;
	}

	/**
	 * Returns how much memory the worker had resident when that was last measured.
	 * @return bytes, or {@code null} if it was not, or cannot be
	 */
	@Nullable Long memory() {
		return this.memory;
	}

	void measureMemory() {
		OptionalLong measured = this.process.residentMemory();
		if (measured.isPresent()) {
			this.memory = measured.getAsLong();
		}
	}

	/**
	 * Returns after how many requests the worker is to be replaced.
	 * @return the number, {@link Long#MAX_VALUE} for never
	 */
	long requestLimit() {
		return this.requestLimit;
	}

	void limitRequests(long limit) {
		this.requestLimit = limit;
	}

	/**
	 * Returns when something has to happen to the worker.
	 */
	long deadline() {
		return this.deadline;
	}

	void postpone(long nanos) {
		this.startLimit.postpone(nanos);
		if (this.deadline != Long.MAX_VALUE) {
			this.deadline += nanos;
		}
	}

	StartLimit startLimit() {
		return this.startLimit;
	}

	/**
	 * Judges the worker, which is starting, by the processor time that it uses.
	 */
	StartLimit.Verdict judgeStart(long now) {
		StartLimit.Verdict verdict = this.startLimit.judge(this.process.processorTime(), now);
		this.deadline = this.startLimit.deadline();
		return verdict;
	}

	boolean isStaying() {
		return this.state != WorkerState.EXITED && this.departure == null;
	}

	/**
	 * Tells whether the worker keeps its slot from being filled. One that leaves in peace
	 * does not, once it is sure that the master stays; of one that fails, its end tells
	 * when the slot may be filled, and with what.
	 */
	boolean holdsSlot() {
		Departure reason = this.departure;
		return reason == null || !(reason.isVoluntary() || (reason.isBlameless() && wasReady() && this.confirmed));
	}

	/**
	 * Tells whether what ends the worker came from outside just now, and may have been
	 * meant for the master as well.
	 */
	boolean mayLeaveWithTheMaster() {
		Departure reason = this.departure;
		return !this.confirmed
				&& (reason == null || reason.kind() == Departure.Kind.OWN || reason.kind() == Departure.Kind.LOST);
	}

	boolean isRefusing() {
		return this.refusing;
	}

	void refuse(boolean refusing) {
		this.refusing = refusing;
		this.servingNevertheless = false;
	}

	/**
	 * Tells whether the worker refuses traffic and gets it all the same.
	 */
	boolean servesNevertheless() {
		return this.servingNevertheless;
	}

	void serveNevertheless(boolean serve) {
		this.servingNevertheless = serve;
	}

	boolean mayServe() {
		return !this.refusing || this.servingNevertheless;
	}

	void confirmDeparture() {
		this.confirmed = true;
	}

	boolean isUnwanted() {
		Departure reason = this.departure;
		return reason != null && reason.isVoluntary();
	}

	/**
	 * Tells whether the worker has said that it ends, and waits for the master's word.
	 */
	boolean isLeavingByItself() {
		Departure reason = this.departure;
		return this.connection != null && reason != null && reason.kind() == Departure.Kind.OWN && !this.confirmed;
	}

	boolean isLate() {
		Departure reason = this.departure;
		return reason != null && reason.kind() == Departure.Kind.LATE;
	}

	boolean isGone() {
		return this.state == WorkerState.EXITED;
	}

	boolean isStarting() {
		return isStaying() && this.state.isStarting();
	}

	boolean isReady() {
		return isStaying() && this.state == WorkerState.READY;
	}

	boolean wasReady() {
		return this.readySince >= 0;
	}

	/**
	 * Returns since when the worker is ready.
	 * @return a time of the event thread, below zero if it never was
	 */
	long readySince() {
		return this.readySince;
	}

	boolean wasReadyFor(Duration duration, long now) {
		return wasReady() && now - this.readySince >= duration.toNanos();
	}

	void become(WorkerState next) {
		if (!this.state.canBecome(next)) {
			throw new IllegalStateException("Worker %d cannot become %s from %s".formatted(this.id, next, this.state));
		}
		this.state = next;
	}

	void online(ControlConnection connection) {
		become(WorkerState.ONLINE);
		this.connection = connection;
	}

	void ready(WorkerResources resources, Instant at, long now) {
		become(WorkerState.READY);
		this.resources = resources;
		this.readyAt = at;
		this.readySince = now;
		this.pulse.heard(now);
		this.deadline = Long.MAX_VALUE;
	}

	void disconnected() {
		this.connection = null;
	}

	void depart(Departure departure, long deadline) {
		this.departure = departure;
		this.deadline = deadline;
		if (this.state.canBecome(WorkerState.DRAINING)) {
			this.state = WorkerState.DRAINING;
		}
	}

	/**
	 * Ends a worker that ought to have left, each time by a stronger signal.
	 */
	void escalate(long now) {
		switch (this.pressure) {
			case NONE -> {
				this.pressure = Pressure.TERMINATED;
				this.process.terminate();
			}
			case TERMINATED, KILLED -> {
				this.pressure = Pressure.KILLED;
				this.process.kill();
			}
		}
		this.deadline = now + GRACE.toNanos();
	}

	void kill(long now) {
		this.pressure = Pressure.TERMINATED;
		escalate(now);
	}

	boolean wasTerminated() {
		return this.pressure != Pressure.NONE;
	}

	/**
	 * Notes that the worker's process has ended. What it means is decided in the next
	 * turn, or a moment later if that may take the master along.
	 */
	void ended(int code, long now) {
		this.exitCode = code;
		this.settledAt = (isEndingSignal(code) && mayLeaveWithTheMaster()) ? now + SIGNAL_SPREAD.toNanos() : now;
	}

	static boolean isEndingSignal(int exitCode) {
		return ENDING_SIGNALS.contains(exitCode);
	}

	boolean hasEnded() {
		return this.exitCode != null;
	}

	/**
	 * Returns the exit code once: whatever goes wrong with it must not go wrong in every
	 * turn.
	 */
	int takeExitCode() {
		int code = Objects.requireNonNull(this.exitCode);
		this.exitCode = null;
		this.settledAt = Long.MAX_VALUE;
		return code;
	}

	/**
	 * Returns when it is clear whether what ended the worker was meant for it alone.
	 * @return a time of the event thread, {@link Long#MAX_VALUE} if nothing is open
	 */
	long settledAt() {
		return this.settledAt;
	}

	void settleAt(long time) {
		this.settledAt = time;
	}

	/**
	 * Returns how the worker ends.
	 * @return a stage that completes once it has
	 */
	CompletionStage<WorkerExit> onExit() {
		return this.exit;
	}

	void exited(WorkerExit how) {
		this.exit.complete(how);
	}

	boolean wasKilled() {
		return this.pressure == Pressure.KILLED;
	}

	ClusterWorker snapshot() {
		return new ClusterWorker(this.id, this.group, this.slot, pid(), this.state, this.generation, this.forkedAt,
				this.readyAt, this.vitals, this.memory, this.resources);
	}

	@Override
	public String toString() {
		String place = Slot.describe(this.group, this.slot);
		return "Worker %d (%s, pid %d, generation %d)".formatted(this.id, place, pid(), this.generation);
	}

	private enum Pressure {

		NONE, TERMINATED, KILLED

	}

}
