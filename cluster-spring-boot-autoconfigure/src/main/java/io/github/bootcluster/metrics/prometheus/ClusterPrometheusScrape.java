package io.github.bootcluster.metrics.prometheus;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletionException;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import io.github.bootcluster.ClusterUnavailableException;
import io.github.bootcluster.metrics.WorkerTag;
import io.github.bootcluster.worker.CollectedMeters;
import io.github.bootcluster.worker.MeterExchange;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

/**
 * The meters of the whole cluster: those of all workers, of workers that have gone, and
 * of the master.
 */
public final class ClusterPrometheusScrape {

	/**
	 * Gauge that tells whether a worker has answered.
	 */
	static final String SCRAPED = "cluster_worker_scraped";

	private static final Log logger = LogFactory.getLog(ClusterPrometheusScrape.class);

	private final PrometheusRegistry own;

	private final Supplier<Stream<? extends MeterRegistry>> registries;

	private final MeterExchange exchange;

	private final Duration timeout;

	private final boolean grouped;

	/**
	 * Creates a scrape.
	 * @param own the meters of this worker
	 * @param registries the registries that some of them come from
	 * @param exchange how those of the others are asked for
	 * @param timeout how long one of them may take
	 * @param grouped whether series tell the group of their worker
	 */
	public ClusterPrometheusScrape(PrometheusRegistry own, Supplier<Stream<? extends MeterRegistry>> registries,
			MeterExchange exchange, Duration timeout, boolean grouped) {
		this.own = own;
		this.registries = registries;
		this.exchange = exchange;
		this.timeout = timeout;
		this.grouped = grouped;
	}

	/**
	 * Begins to answer when other workers are scraped.
	 */
	public void start() {
		this.exchange.reportBy(() -> MeterCodec.encode(ownFamilies()));
	}

	private List<MeterFamily> ownFamilies() {
		Set<String> running = this.registries.get()
			.flatMap(ClusterPrometheusScrape::longTaskTimers)
			.collect(Collectors.toSet());
		return MeterSnapshots.families(this.own.scrape())
			.stream()
			.map((family) -> running.contains(family.name()) ? family.asMomentary() : family)
			.toList();
	}

	/**
	 * Returns the names that a registry shows timers of running tasks by: as summaries
	 * that may fall.
	 */
	private static Stream<String> longTaskTimers(MeterRegistry registry) {
		return registry.getMeters()
			.stream()
			.map(Meter::getId)
			.filter((id) -> id.getType() == Meter.Type.LONG_TASK_TIMER)
			.map((id) -> id.getConventionName(registry.config().namingConvention()));
	}

	/**
	 * Collects the meters of the cluster. It waits for other workers.
	 * @param slot the slot to show alone, without the master's meters, or {@code null}
	 * @param group the group to show alone, or {@code null}
	 * @return the meters
	 * @throws ClusterUnavailableException if the master does not answer
	 */
	public MetricSnapshots collect(@Nullable String slot, @Nullable String group) {
		List<CollectedMeters> collected = collected().stream()
			.filter((worker) -> slot == null || slot.equals(Integer.toString(worker.slot())))
			.filter((worker) -> group == null || group.equals(worker.group()))
			.toList();
		ClusterMeters meters = new ClusterMeters();
		addWorkers(meters, collected);
		addRetired(meters, collected);
		if (slot == null && group == null) {
			// Those that the others have told may be older: the master's status came last
			meters.addMasters(ownFamilies());
		}
		return MeterSnapshots.snapshots(meters.families());
	}

	private List<CollectedMeters> collected() {
		try {
			return this.exchange.collect(this.timeout).toCompletableFuture().join();
		}
		catch (CompletionException ex) {
			throw (ex.getCause() instanceof ClusterUnavailableException unavailable) ? unavailable
					: new ClusterUnavailableException("The master does not answer");
		}
	}

	private void addWorkers(ClusterMeters meters, List<CollectedMeters> collected) {
		collected.stream()
			.filter((worker) -> worker.worker() > 0)
			.sorted(Comparator.comparingInt(CollectedMeters::worker).reversed())
			.forEach((worker) -> {
				List<String> labels = labels(worker.group(), worker.slot());
				meters.add(labels, false, decode(worker));
				meters.addGauge(SCRAPED, "Whether the newest worker of the slot has told its meters in time, as 1 or 0",
						labels, worker.current() ? 1 : 0);
			});
	}

	/**
	 * Adds what workers have counted that have gone, and lets the master keep it in one.
	 */
	private void addRetired(ClusterMeters meters, List<CollectedMeters> collected) {
		Map<List<String>, List<CollectedMeters>> bySlot = new LinkedHashMap<>();
		collected.stream()
			.filter((worker) -> worker.worker() == 0)
			.forEach((worker) -> bySlot
				.computeIfAbsent(labels(worker.group(), worker.slot()), (slot) -> new ArrayList<>())
				.add(worker));
		bySlot.forEach((labels, gone) -> {
			ClusterMeters sum = new ClusterMeters();
			gone.stream()
				.sorted(Comparator.comparingLong(CollectedMeters::sequence).reversed())
				.forEach((worker) -> sum.add(List.of(), true, decode(worker)));
			List<MeterFamily> families = sum.families();
			meters.add(labels, true, families);
			if (gone.size() > 1) {
				CollectedMeters last = gone.get(gone.size() - 1);
				this.exchange.replaceRetired(last.group(), last.slot(), last.sequence(), MeterCodec.encode(families));
			}
		});
	}

	private List<String> labels(String group, int slot) {
		String worker = Integer.toString(slot);
		return this.grouped ? List.of(WorkerTag.NAME, worker, WorkerTag.GROUP, group) : List.of(WorkerTag.NAME, worker);
	}

	private List<MeterFamily> decode(CollectedMeters worker) {
		if (worker.data().isEmpty()) {
			return List.of();
		}
		try {
			return MeterCodec.decode(worker.data());
		}
		catch (IOException ex) {
			logger.warn("The meters of slot %d of group '%s' cannot be read: %s".formatted(worker.slot(),
					worker.group(), ex.getMessage()));
			return List.of();
		}
	}

}
