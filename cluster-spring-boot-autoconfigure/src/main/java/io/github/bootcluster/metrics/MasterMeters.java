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
import io.github.bootcluster.SlotStatus;
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

	static final String WORKER_LOOP_LAG = "cluster.worker.loop.lag";

	static final String WORKER_CPU_LOAD = "cluster.worker.cpu.load";

	/**
	 * Key of the tag that tells the master's meters from those of workers.
	 */
	public static final String PROCESS = "process";

	/**
	 * Value of that tag.
	 */
	public static final String MASTER = "master";

	private static final Tags OF_MASTER = Tags.of(PROCESS, MASTER);

	/**
	 * Names of all meters of the master.
	 */
	public static final Set<String> NAMES = Set.of(FORKS, RESPAWNS, EXITS, RESTARTS, LAST_RESTART_ABORTED, ACCEPTED,
			HANDED_OVER, REDISTRIBUTED, MOVED, WAITING, WORKERS, WANTED, WORKER_CONNECTIONS, WORKER_LOOP_LAG,
			WORKER_CPU_LOAD);

	private static final double MILLIS = 1000;

	private static final Set<WorkerState> STATES = Stream.of(WorkerState.values())
		.filter((state) -> state != WorkerState.EXITED)
		.collect(Collectors.toUnmodifiableSet());

	private final Cluster cluster;

	private final List<SlotGauges> perSlot = new ArrayList<>();

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
		counter(FORKS, ClusterFigures::forks).description("Workers that were forked").register(registry);
		counter(RESPAWNS, ClusterFigures::respawns)
			.description("Workers that were forked in place of one that had not been asked to end")
			.register(registry);
		for (ExitKind kind : ExitKind.values()) {
			counter(EXITS, (figures) -> figures.exits().getOrDefault(kind, 0L)).tag("reason", tagValue(kind))
				.description("Workers that have ended")
				.register(registry);
		}
		for (WorkerState state : STATES) {
			gauge(WORKERS, (status) -> status.workers().stream().filter((worker) -> worker.state() == state).count())
				.tag("state", tagValue(state))
				.description("Workers whose process runs")
				.register(registry);
		}
		gauge(WANTED, ClusterStatus::wanted).description("Workers that there are to be").register(registry);
	}

	private void bindRestart(MeterRegistry registry, String outcome, Function<ClusterFigures, Restarts> restarts) {
		FunctionTimer
			.builder(RESTARTS, this, (meters) -> restarts.apply(meters.figures()).count(),
					(meters) -> restarts.apply(meters.figures()).duration().toNanos(), TimeUnit.NANOSECONDS)
			.tags(OF_MASTER.and("outcome", outcome))
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
			.register(registry);
	}

	private void connections(MeterRegistry registry, String name, ToLongFunction<Connections> figure,
			String description) {
		counter(name, (figures) -> figure.applyAsLong(figures.connections())).description(description)
			.register(registry);
	}

	private synchronized void bindSlots(MeterRegistry registry) {
		this.perSlot.add(new SlotGauges(MultiGauge.builder(WORKER_CONNECTIONS)
			.description("Connections that the workers of a slot have open")
			.register(registry), (workers) -> workers.mapToDouble(WorkerVitals::connections).sum()));
		this.perSlot.add(new SlotGauges(
				MultiGauge.builder(WORKER_LOOP_LAG)
					.description("How long the slowest event loop of a slot has last kept a task waiting")
					.baseUnit("seconds")
					.register(registry),
				(workers) -> workers.mapToDouble((vitals) -> vitals.loopLag().toMillis() / MILLIS).max().orElse(0)));
		this.perSlot.add(new SlotGauges(MultiGauge.builder(WORKER_CPU_LOAD)
			.description("Processors that the workers of a slot have kept busy lately")
			.register(registry), (workers) -> workers.mapToDouble(WorkerVitals::cpuLoad).sum()));
		ClusterStatus status = status();
		if (status != null) {
			register(status.slots());
		}
	}

	/**
	 * Takes note of a new status: another number of slots means other meters.
	 * @param status the status
	 */
	public synchronized void update(ClusterStatus status) {
		List<String> current = status.slots()
			.stream()
			.map((slot) -> "%s %d".formatted(slot.group(), slot.number()))
			.toList();
		if (!current.equals(this.slots)) {
			this.slots = current;
			register(status.slots());
		}
	}

	private void register(List<SlotStatus> slots) {
		boolean groups = slots.stream().anyMatch((slot) -> !slot.group().equals(ClusterWorker.DEFAULT_GROUP));
		this.perSlot.forEach((gauges) -> gauges.gauges()
			.register(slots.stream().<MultiGauge.Row<?>>map((slot) -> row(slot, groups, gauges.figure())).toList()));
	}

	private MultiGauge.Row<?> row(SlotStatus slot, boolean groups, ToDoubleFunction<Stream<WorkerVitals>> figure) {
		Tags tags = OF_MASTER.and(WorkerTag.tags(slot.group(), slot.number(), groups));
		return MultiGauge.Row.of(tags, this, (meters) -> {
			ClusterStatus status = meters.status();
			return (status != null) ? figure.applyAsDouble(vitals(status, slot)) : Double.NaN;
		});
	}

	private static Stream<WorkerVitals> vitals(ClusterStatus status, SlotStatus slot) {
		return status.workers()
			.stream()
			.filter((worker) -> worker.group().equals(slot.group()) && worker.slot() == slot.number())
			.map(ClusterWorker::vitals)
			.filter(Objects::nonNull);
	}

	private FunctionCounter.Builder<MasterMeters> counter(String name, ToLongFunction<ClusterFigures> figure) {
		return FunctionCounter.builder(name, this, (meters) -> figure.applyAsLong(meters.figures())).tags(OF_MASTER);
	}

	private Gauge.Builder<MasterMeters> gauge(String name, ToDoubleFunction<ClusterStatus> figure) {
		return Gauge.builder(name, this, (meters) -> {
			ClusterStatus status = meters.status();
			return (status != null) ? figure.applyAsDouble(status) : Double.NaN;
		}).tags(OF_MASTER);
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

	/**
	 * Gauges of one name, one for each slot.
	 */
	private record SlotGauges(MultiGauge gauges, ToDoubleFunction<Stream<WorkerVitals>> figure) {

	}

}
