package io.github.bootcluster.metrics;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import java.util.function.ToLongFunction;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import io.github.bootcluster.Cluster;
import io.github.bootcluster.ClusterFigures;
import io.github.bootcluster.ClusterFigures.Connections;
import io.github.bootcluster.ClusterFigures.Restarts;
import io.github.bootcluster.ClusterStatus;
import io.github.bootcluster.ClusterUnavailableException;
import io.github.bootcluster.ClusterWorker;
import io.github.bootcluster.ExitKind;
import io.github.bootcluster.RestartState;
import io.github.bootcluster.RestartStatus;
import io.github.bootcluster.WorkerState;
import io.github.bootcluster.WorkerVitals;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.FunctionTimer;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.binder.MeterBinder;
import org.jspecify.annotations.Nullable;

/**
 * The master's meters. The master itself answers no requests: its figures come with the
 * status that it tells its workers, and each of them shows the same.
 */
public final class MasterMeters implements MeterBinder {

	static final String FORKS = "cluster.worker.forks";

	static final String RESPAWNS = "cluster.worker.respawns";

	static final String EXITS = "cluster.worker.exits";

	static final String RESTARTS = "cluster.restarts";

	static final String LAST_RESTART_ABORTED = "cluster.restart.last.aborted";

	static final String ACCEPTED = "cluster.connections.accepted";

	static final String HANDED_OVER = "cluster.connections.handed.over";

	static final String REDISTRIBUTED = "cluster.connections.redistributed";

	static final String MOVED = "cluster.connections.moved";

	static final String WAITING = "cluster.connections.waiting";

	static final String WORKERS = "cluster.workers";

	static final String WANTED = "cluster.workers.wanted";

	static final String WORKER_CONNECTIONS = "cluster.worker.connections";

	/**
	 * Names of all meters of the master.
	 */
	public static final Set<String> NAMES = Set.of(FORKS, RESPAWNS, EXITS, RESTARTS, LAST_RESTART_ABORTED, ACCEPTED,
			HANDED_OVER, REDISTRIBUTED, MOVED, WAITING, WORKERS, WANTED, WORKER_CONNECTIONS);

	private static final Set<WorkerState> STATES = Stream.of(WorkerState.values())
		.filter((state) -> state != WorkerState.EXITED)
		.collect(Collectors.toUnmodifiableSet());

	private final Cluster cluster;

	private final List<MultiGauge> perSlot = new ArrayList<>();

	private List<String> slots = List.of();

	/**
	 * Creates the meters.
	 * @param cluster tells the figures
	 */
	public MasterMeters(Cluster cluster) {
		this.cluster = cluster;
	}

	@Override
	public void bindTo(MeterRegistry registry) {
		bindWorkers(registry);
		bindRestart(registry, "completed", ClusterFigures::completedRestarts);
		bindRestart(registry, "aborted", ClusterFigures::abortedRestarts);
		gauge(LAST_RESTART_ABORTED, MasterMeters::isLastRestartAborted)
			.description("Whether the last rolling restart was aborted, as 1 or 0")
			.register(registry);
		bindConnections(registry);
		bindSlots(registry);
	}

	private void bindWorkers(MeterRegistry registry) {
		counter(FORKS, ClusterFigures::forks).description("Workers that were forked")
			.baseUnit("workers")
			.register(registry);
		counter(RESPAWNS, ClusterFigures::respawns)
			.description("Workers that were forked in place of one that had not been asked to end")
			.baseUnit("workers")
			.register(registry);
		for (ExitKind kind : ExitKind.values()) {
			counter(EXITS, (figures) -> figures.exits().getOrDefault(kind, 0L)).tag("reason", tagValue(kind))
				.description("Workers that have ended")
				.baseUnit("workers")
				.register(registry);
		}
		for (WorkerState state : STATES) {
			gauge(WORKERS, (status) -> status.workers().stream().filter((worker) -> worker.state() == state).count())
				.tag("state", tagValue(state))
				.description("Workers whose process runs")
				.baseUnit("workers")
				.register(registry);
		}
		gauge(WANTED, ClusterStatus::wanted).description("Workers that there are to be")
			.baseUnit("workers")
			.register(registry);
	}

	private void bindRestart(MeterRegistry registry, String outcome, Function<ClusterFigures, Restarts> restarts) {
		FunctionTimer
			.builder(RESTARTS, this, (meters) -> restarts.apply(meters.figures()).count(),
					(meters) -> restarts.apply(meters.figures()).duration().toNanos(), TimeUnit.NANOSECONDS)
			.tag("outcome", outcome)
			.description("Rolling restarts that have ended")
			.register(registry);
	}

	private static double isLastRestartAborted(ClusterStatus status) {
		RestartStatus restart = status.restart();
		return (restart != null && restart.state() == RestartState.ABORTED) ? 1 : 0;
	}

	private void bindConnections(MeterRegistry registry) {
		connections(registry, ACCEPTED, Connections::accepted, "Connections that the master has accepted");
		connections(registry, HANDED_OVER, Connections::handedOver, "Connections that workers have taken");
		connections(registry, REDISTRIBUTED, Connections::redistributed,
				"Connections that were taken back from a worker that had not taken them");
		connections(registry, MOVED, Connections::moved,
				"Idle connections that a worker that leaves has given back for another");
		gauge(WAITING, (status) -> status.figures().connections().waiting())
			.description("Connections that the master holds for a worker to take them")
			.baseUnit("connections")
			.register(registry);
	}

	private void connections(MeterRegistry registry, String name, ToLongFunction<Connections> figure,
			String description) {
		counter(name, (figures) -> figure.applyAsLong(figures.connections())).description(description)
			.baseUnit("connections")
			.register(registry);
	}

	private synchronized void bindSlots(MeterRegistry registry) {
		MultiGauge gauges = MultiGauge.builder(WORKER_CONNECTIONS)
			.description("Connections that the workers of a slot have open")
			.baseUnit("connections")
			.register(registry);
		this.perSlot.add(gauges);
		ClusterStatus status = status();
		if (status != null) {
			gauges.register(rows(slots(status)));
		}
	}

	/**
	 * Takes note of a new status: another number of slots means other meters.
	 * @param status the status
	 */
	public synchronized void update(ClusterStatus status) {
		List<String> current = slots(status);
		if (!current.equals(this.slots)) {
			this.slots = current;
			this.perSlot.forEach((gauges) -> gauges.register(rows(current)));
		}
	}

	private static List<String> slots(ClusterStatus status) {
		return status.slots().stream().map((slot) -> WorkerTag.value(slot.group(), slot.number())).toList();
	}

	private List<MultiGauge.Row<?>> rows(List<String> slots) {
		return slots
			.stream().<MultiGauge
					.Row<?>>map(
							(slot) -> MultiGauge.Row.of(Tags.of(WorkerTag.NAME, slot), this,
									(meters) -> meters.connectionsIn(slot)))
			.toList();
	}

	private double connectionsIn(String slot) {
		ClusterStatus status = status();
		return (status != null) ? status.workers()
			.stream()
			.filter((worker) -> WorkerTag.value(worker.group(), worker.slot()).equals(slot))
			.map(ClusterWorker::vitals)
			.filter(Objects::nonNull)
			.mapToInt(WorkerVitals::connections)
			.sum() : Double.NaN;
	}

	private FunctionCounter.Builder<MasterMeters> counter(String name, ToLongFunction<ClusterFigures> figure) {
		return FunctionCounter.builder(name, this, (meters) -> figure.applyAsLong(meters.figures()));
	}

	private Gauge.Builder<MasterMeters> gauge(String name, ToDoubleFunction<ClusterStatus> figure) {
		return Gauge.builder(name, this, (meters) -> {
			ClusterStatus status = meters.status();
			return (status != null) ? figure.applyAsDouble(status) : Double.NaN;
		});
	}

	private ClusterFigures figures() {
		ClusterStatus status = status();
		return (status != null) ? status.figures() : ClusterFigures.NONE;
	}

	private @Nullable ClusterStatus status() {
		try {
			return this.cluster.status();
		}
		catch (ClusterUnavailableException ex) {
			return null;
		}
	}

	private static String tagValue(Enum<?> value) {
		return value.name().toLowerCase(Locale.ROOT).replace('_', '-');
	}

}
