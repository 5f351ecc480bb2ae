package io.github.bootcluster.metrics;

import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;

import io.github.bootcluster.Cluster;
import io.github.bootcluster.ClusterFigures;
import io.github.bootcluster.ClusterFigures.Connections;
import io.github.bootcluster.ClusterFigures.Restarts;
import io.github.bootcluster.ClusterStatus;
import io.github.bootcluster.ClusterUnavailableException;
import io.github.bootcluster.ClusterWorker;
import io.github.bootcluster.ExitKind;
import io.github.bootcluster.SlotStatus;
import io.github.bootcluster.WorkerState;
import io.github.bootcluster.WorkerVitals;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.FunctionTimer;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.composite.CompositeMeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.BDDMockito.given;
import static org.mockito.BDDMockito.willReturn;
import static org.mockito.Mockito.mock;

class MasterMetersTests {

	private final Cluster cluster = mock(Cluster.class);

	private final MasterMeters meters = new MasterMeters(this.cluster);

	private final SimpleMeterRegistry registry = new SimpleMeterRegistry();

	@Test
	void figuresOfTheMasterAreMeters() {
		tell(status(2));
		this.meters.bindTo(this.registry);
		assertThat(counter("cluster.worker.forks")).isEqualTo(11);
		assertThat(counter("cluster.worker.respawns")).isEqualTo(3);
		assertThat(counter("cluster.worker.exits", "reason", "out-of-memory")).isEqualTo(4);
		assertThat(counter("cluster.worker.exits", "reason", "exit-code")).isZero();
		assertThat(counter("cluster.connections.accepted")).isEqualTo(100);
		assertThat(counter("cluster.connections.handed.over")).isEqualTo(104);
		assertThat(counter("cluster.connections.redistributed")).isEqualTo(6);
		assertThat(counter("cluster.connections.moved")).isEqualTo(7);
		assertThat(gauge("cluster.connections.waiting")).isEqualTo(3);
		assertThat(gauge("cluster.workers.wanted")).isEqualTo(2);
	}

	@Test
	void restartsAreTimersByOutcome() {
		tell(status(2));
		this.meters.bindTo(this.registry);
		FunctionTimer completed = this.registry.get("cluster.restarts").tag("outcome", "completed").functionTimer();
		assertThat(completed.count()).isEqualTo(2);
		assertThat(completed.totalTime(TimeUnit.SECONDS)).isEqualTo(90.5);
		FunctionTimer aborted = this.registry.get("cluster.restarts").tag("outcome", "aborted").functionTimer();
		assertThat(aborted.count()).isEqualTo(1);
		assertThat(aborted.totalTime(TimeUnit.SECONDS)).isEqualTo(2);
	}

	@Test
	void workersAreCountedByState() {
		tell(status(2));
		this.meters.bindTo(this.registry);
		assertThat(gauge("cluster.workers", "state", "ready")).isEqualTo(2);
		assertThat(gauge("cluster.workers", "state", "draining")).isOne();
		assertThat(gauge("cluster.workers", "state", "forked")).isZero();
		assertThat(this.registry.find("cluster.workers").tag("state", "exited").gauge()).as("never counted").isNull();
	}

	@Test
	void connectionsAreToldBySlot() {
		tell(status(2));
		this.meters.bindTo(this.registry);
		assertThat(gauge("cluster.worker.connections", "worker", "1")).as("of both workers in the slot")
			.isEqualTo(5 + 7);
		assertThat(gauge("cluster.worker.connections", "worker", "2")).isEqualTo(6);
	}

	@Test
	void slotsThatComeAndGoTakeTheirMetersAlong() {
		CompositeMeterRegistry composite = new CompositeMeterRegistry();
		composite.add(this.registry);
		tell(status(2));
		this.meters.bindTo(composite);
		tell(status(4));
		assertThat(slots()).containsExactlyInAnyOrder("1", "2", "3", "4");
		tell(status(1));
		assertThat(slots()).containsExactly("1");
		assertThat(gauge("cluster.worker.connections", "worker", "1")).isEqualTo(5 + 7);
	}

	@Test
	void newFiguresAreSeenAtOnce() {
		tell(status(2));
		this.meters.bindTo(this.registry);
		given(this.cluster.status())
			.willReturn(new ClusterStatus(1, 1, 2, ClusterFigures.NONE, List.of(), List.of(), null));
		assertThat(gauge("cluster.workers", "state", "ready")).isZero();
	}

	@Test
	void beforeTheMasterHasToldAnythingThereAreNoFigures() {
		given(this.cluster.status()).willThrow(new ClusterUnavailableException("not yet"));
		this.meters.bindTo(this.registry);
		assertThat(counter("cluster.worker.forks")).isZero();
		assertThat(gauge("cluster.workers.wanted")).isNaN();
		assertThat(slots()).isEmpty();
		ClusterStatus first = status(2);
		this.meters.update(first);
		assertThat(slots()).containsExactlyInAnyOrder("1", "2");
	}

	@Test
	void everyMeterIsKnownByItsName() {
		tell(status(2));
		this.meters.bindTo(this.registry);
		assertThat(this.registry.getMeters()).extracting((meter) -> meter.getId().getName())
			.hasSameElementsAs(MasterMeters.NAMES);
	}

	@Test
	void everyMeterSaysWhatItMeans() {
		tell(status(2));
		this.meters.bindTo(this.registry);
		assertThat(this.registry.getMeters()).extracting(Meter::getId)
			.allSatisfy((id) -> assertThat(id.getDescription()).as(id.getName()).isNotBlank());
	}

	private void tell(ClusterStatus status) {
		willReturn(status).given(this.cluster).status();
		this.meters.update(status);
	}

	private List<String> slots() {
		return this.registry.find("cluster.worker.connections")
			.gauges()
			.stream()
			.map((gauge) -> gauge.getId().getTag("worker"))
			.toList();
	}

	private double counter(String name, String... tags) {
		FunctionCounter counter = this.registry.get(name).tags(tags).functionCounter();
		return counter.count();
	}

	private double gauge(String name, String... tags) {
		return this.registry.get(name).tags(tags).gauge().value();
	}

	private static ClusterStatus status(int wanted) {
		ClusterFigures figures = new ClusterFigures(11, 3, Map.of(ExitKind.OUT_OF_MEMORY, 4L),
				new Restarts(2, Duration.ofMillis(90_500)), new Restarts(1, Duration.ofSeconds(2)),
				new Connections(100, 104, 6, 7, 3));
		List<ClusterWorker> workers = Arrays.asList(worker(1, 1, WorkerState.READY, 5),
				worker(2, 2, WorkerState.READY, 6), worker(3, 1, WorkerState.DRAINING, 7));
		List<SlotStatus> slots = IntStream.rangeClosed(1, wanted)
			.mapToObj((number) -> new SlotStatus(ClusterWorker.DEFAULT_GROUP, number, false, 0, null))
			.toList();
		return new ClusterStatus(1, 1, wanted, figures, workers, slots, null);
	}

	private static ClusterWorker worker(int id, int slot, WorkerState state, int connections) {
		return new ClusterWorker(id, ClusterWorker.DEFAULT_GROUP, slot, 4711, state, 1, Instant.EPOCH, Instant.EPOCH,
				new WorkerVitals(0, 0, connections, 0, true, Duration.ZERO, 0), null, null);
	}

}
