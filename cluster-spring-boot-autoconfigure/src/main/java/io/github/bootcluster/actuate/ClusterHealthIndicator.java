package io.github.bootcluster.actuate;

import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

import io.github.bootcluster.Cluster;
import io.github.bootcluster.ClusterStatus;
import io.github.bootcluster.ClusterUnavailableException;
import io.github.bootcluster.ClusterWorker;
import io.github.bootcluster.RestartState;
import io.github.bootcluster.RestartStatus;
import io.github.bootcluster.SlotStatus;
import io.github.bootcluster.WorkerState;

import org.springframework.boot.health.contributor.AbstractHealthIndicator;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;

/**
 * {@link HealthIndicator} of the cluster. Balancers and container engines take out a host
 * whose health is down, so it tells whether the service serves: it is down only if no
 * worker is ready and workers keep dying. That somebody has to look after the cluster, as
 * a slot is given up, the workers of a slot keep dying or the last rolling restart was
 * aborted, is told by its details and by the meters.
 */
public class ClusterHealthIndicator extends AbstractHealthIndicator {

	/**
	 * Name of the contributor.
	 */
	public static final String NAME = "cluster";

	private final Cluster cluster;

	private final Clock clock;

	/**
	 * Creates an indicator.
	 * @param cluster the cluster to tell about
	 */
	public ClusterHealthIndicator(Cluster cluster) {
		this(cluster, Clock.systemUTC());
	}

	ClusterHealthIndicator(Cluster cluster, Clock clock) {
		super("The health of the cluster cannot be told");
		this.cluster = cluster;
		this.clock = clock;
	}

	@Override
	protected void doHealthCheck(Health.Builder builder) {
		try {
			tell(builder, this.cluster.status());
		}
		catch (ClusterUnavailableException ex) {
			builder.unknown().withDetail("reasons", List.of(String.valueOf(ex.getMessage())));
		}
	}

	private void tell(Health.Builder builder, ClusterStatus status) {
		List<String> reasons = reasons(status);
		if (status.slots().stream().anyMatch((slot) -> isFailed(status, slot)) && !isAnyReady(status)) {
			builder.down();
		}
		else {
			builder.up();
		}
		if (!reasons.isEmpty()) {
			builder.withDetail("reasons", reasons);
		}
		Instant now = this.clock.instant();
		builder.withDetail("wanted", status.wanted())
			.withDetail("ready", status.slots().stream().filter((slot) -> isReady(status, slot)).count())
			.withDetail("generation", status.generation())
			.withDetail("workers",
					status.workers().stream().map((worker) -> WorkerDescriptor.of(worker, now)).toList());
	}

	private static boolean isAnyReady(ClusterStatus status) {
		return status.workers().stream().anyMatch((worker) -> worker.state() == WorkerState.READY);
	}

	private static boolean isFailed(ClusterStatus status, SlotStatus slot) {
		return (slot.givenUp() && !isReady(status, slot)) || isFailing(status, slot);
	}

	private static List<String> reasons(ClusterStatus status) {
		List<String> reasons = new ArrayList<>();
		for (SlotStatus slot : status.slots()) {
			if (slot.givenUp() && !isReady(status, slot)) {
				reasons.add("%s is given up after %d workers in a row died early%s".formatted(name(slot),
						slot.earlyDeaths(), lastExit(slot)));
			}
			else if (isFailing(status, slot)) {
				reasons.add("%s has no worker that is ready, %d in a row died early%s".formatted(name(slot),
						slot.earlyDeaths(), lastExit(slot)));
			}
		}
		RestartStatus restart = status.restart();
		if (restart != null && restart.state() == RestartState.ABORTED) {
			reasons.add("the last rolling restart %s was aborted: %s".formatted(restart.id(), restart.reason()));
		}
		return reasons;
	}

	/**
	 * Tells whether a slot lacks a worker for more than the time that a start takes. How
	 * long that may be is up to the master, which ends a worker that does not become
	 * ready in time and then counts its death.
	 */
	private static boolean isFailing(ClusterStatus status, SlotStatus slot) {
		return slot.earlyDeaths() > 0 && !isReady(status, slot) && !hasWorker(status, slot,
				(worker) -> worker.state() == WorkerState.DRAINING && worker.readyAt() != null);
	}

	private static boolean isReady(ClusterStatus status, SlotStatus slot) {
		return hasWorker(status, slot, (worker) -> worker.state() == WorkerState.READY);
	}

	private static boolean hasWorker(ClusterStatus status, SlotStatus slot, Predicate<ClusterWorker> which) {
		return status.workers()
			.stream()
			.anyMatch((worker) -> worker.slot() == slot.number() && worker.group().equals(slot.group())
					&& which.test(worker));
	}

	private static String name(SlotStatus slot) {
		return slot.group().equals(ClusterWorker.DEFAULT_GROUP) ? "slot " + slot.number()
				: "slot %d of group %s".formatted(slot.number(), slot.group());
	}

	private static String lastExit(SlotStatus slot) {
		SlotStatus.LastExit exit = slot.lastExit();
		return (exit != null) ? ": worker %d %s".formatted(exit.worker(), exit.reason()) : "";
	}

}
