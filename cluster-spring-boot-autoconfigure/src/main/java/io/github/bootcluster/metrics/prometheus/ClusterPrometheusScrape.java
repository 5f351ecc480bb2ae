package io.github.bootcluster.metrics.prometheus;

import java.io.IOException;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletionException;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import io.github.bootcluster.ClusterUnavailableException;
import io.github.bootcluster.ClusterWorker;
import io.github.bootcluster.metrics.WorkerTag;
import io.github.bootcluster.wire.Frame.CollectedMeters;
import io.github.bootcluster.worker.MeterExchange;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import io.prometheus.metrics.model.snapshots.PrometheusNaming;
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

	/**
	 * What the names of the master's meters begin with.
	 */
	private static final String OF_MASTER = "cluster_";

	private static final Log logger = LogFactory.getLog(ClusterPrometheusScrape.class);

	private final PrometheusRegistry own;

	private final Supplier<Stream<? extends MeterRegistry>> registries;

	private final MeterExchange exchange;

	private final Duration timeout;

	private final boolean grouped;

	private final List<String> notSummed;

	private volatile boolean failed;

	/**
	 * Creates a scrape.
	 * @param own the meters of this worker
	 * @param registries the registries that some of them come from
	 * @param exchange how those of the others are asked for
	 * @param timeout how long one of them may take
	 * @param grouped whether series tell the group of their worker though no other group
	 * has workers
	 * @param notSummed what the names of meters begin with that count the same in all
	 * workers
	 */
	public ClusterPrometheusScrape(PrometheusRegistry own, Supplier<Stream<? extends MeterRegistry>> registries,
			MeterExchange exchange, Duration timeout, boolean grouped, List<String> notSummed) {
		this.own = own;
		this.registries = registries;
		this.exchange = exchange;
		this.timeout = timeout;
		this.grouped = grouped;
		this.notSummed = notSummed.stream().map(PrometheusNaming::prometheusName).toList();
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
			.map((family) -> (running.contains(family.name()) || isNotSummed(family)) ? family.asMomentary() : family)
			.toList();
	}

	private boolean isNotSummed(MeterFamily family) {
		return this.notSummed.stream().anyMatch(family.name()::startsWith);
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
		List<CollectedMeters> all = collected();
		boolean groups = this.grouped
				|| all.stream().anyMatch((worker) -> !worker.group().equals(ClusterWorker.DEFAULT_GROUP));
		List<CollectedMeters> collected = all.stream()
			.filter((worker) -> slot == null || slot.equals(Integer.toString(worker.slot())))
			.filter((worker) -> group == null || group.equals(worker.group()))
			.toList();
		ClusterMeters meters = new ClusterMeters();
		addWorkers(meters, collected, groups);
		addRetired(meters, collected, groups);
		if (slot == null && group == null) {
			// Those that the others have told may be older: the master's status came last
			meters.addMasters(MeterSnapshots.families(this.own.scrape((name) -> name.startsWith(OF_MASTER))));
		}
		return new MetricSnapshots(meters.families().stream().map(this::snapshot).filter(Objects::nonNull).toList());
	}

	private List<CollectedMeters> collected() {
		try {
			return this.exchange.collect(this.timeout).toCompletableFuture().join();
		}
		catch (CompletionException ex) {
			throw (ex.getCause() instanceof ClusterUnavailableException unavailable) ? unavailable : ex;
		}
	}

	private void addWorkers(ClusterMeters meters, List<CollectedMeters> collected, boolean groups) {
		collected.stream()
			.filter((worker) -> worker.worker() > 0)
			.sorted(Comparator.comparingInt(CollectedMeters::worker).reversed())
			.forEach((worker) -> {
				List<String> labels = labels(worker, groups);
				meters.add(labels, false, decode(worker));
				meters.addGauge(SCRAPED, "Whether the newest worker of the slot reported its meters in time, as 1 or 0",
						labels, worker.current() ? 1 : 0);
			});
	}

	/**
	 * Adds what workers have counted that have gone, and lets the master keep it in one.
	 */
	private void addRetired(ClusterMeters meters, List<CollectedMeters> collected, boolean groups) {
		Map<String, List<CollectedMeters>> bySlot = collected.stream()
			.filter((worker) -> worker.worker() == 0)
			.collect(Collectors.groupingBy((worker) -> "%s %d".formatted(worker.group(), worker.slot())));
		bySlot.values().forEach((gone) -> {
			ClusterMeters sum = new ClusterMeters();
			gone.stream()
				.sorted(Comparator.comparingLong(CollectedMeters::sequence).reversed())
				.forEach((worker) -> sum.add(List.of(), true, decode(worker)));
			CollectedMeters last = gone.get(gone.size() - 1);
			// What cannot be shown is not to be kept for ever
			List<MeterFamily> families = sum.families().stream().filter((family) -> snapshot(family) != null).toList();
			meters.add(labels(last, groups), true, families);
			if (gone.size() > 1) {
				this.exchange.replaceRetired(last.group(), last.slot(), last.sequence(), MeterCodec.encode(families));
			}
		});
	}

	/**
	 * Returns a meter as the library knows it.
	 * @return the meter, or {@code null} if its series do not go together, which does not
	 * cost the others
	 */
	private @Nullable MetricSnapshot snapshot(MeterFamily family) {
		try {
			return MeterSnapshots.snapshot(family);
		}
		catch (RuntimeException ex) {
			if (!this.failed) {
				this.failed = true;
				logger.warn("Meter '%s' is missing from scrapes, as are further ones that fail: %s"
					.formatted(family.name(), ex));
			}
			return null;
		}
	}

	private static List<String> labels(CollectedMeters worker, boolean groups) {
		String slot = Integer.toString(worker.slot());
		return groups ? List.of(WorkerTag.GROUP, worker.group(), WorkerTag.NAME, slot) : List.of(WorkerTag.NAME, slot);
	}

	private List<MeterFamily> decode(CollectedMeters worker) {
		if (worker.data().isEmpty()) {
			return List.of();
		}
		try {
			return MeterCodec.decode(worker.data());
		}
		catch (IOException ex) {
			logger.warn("Meters of slot %d of group '%s' cannot be read: %s".formatted(worker.slot(), worker.group(),
					ex.getMessage()));
			return List.of();
		}
	}

}
