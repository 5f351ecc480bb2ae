package io.github.bootcluster.master.supervise;

import java.time.Duration;
import java.util.concurrent.Future;
import java.util.function.Supplier;
import java.util.stream.Stream;

import io.github.bootcluster.ClusterFigures;
import io.github.bootcluster.ClusterStatus;
import io.github.bootcluster.ClusterWorker;
import io.github.bootcluster.wire.ControlConnection;
import io.github.bootcluster.wire.Frame;
import org.jspecify.annotations.Nullable;

/**
 * What everybody may know of the cluster. Changes are gathered for a moment before all
 * workers are told, since there are as many readers as things that change. Figures change
 * all the time: they are gathered for longer, and the more workers there are the longer,
 * as both the status and its readers grow with their number.
 */
final class StatusBoard {

	private static final Duration GATHERING = Duration.ofMillis(20);

	private static final Duration MIN_FIGURES = Duration.ofSeconds(2);

	/**
	 * A worker takes some 400 bytes in a status, so that all figures together make up to
	 * 10 MB per second.
	 */
	private static final Duration FIGURES_PER_WORKER_AND_READER = Duration.ofNanos(40_000);

	private final EventThread thread;

	private final Supplier<Stream<ControlConnection>> readers;

	private volatile ClusterStatus status;

	private @Nullable Future<?> timer;

	private boolean urgent;

	StatusBoard(EventThread thread, Supplier<Stream<ControlConnection>> readers, ClusterStatus initial) {
		this.thread = thread;
		this.readers = readers;
		this.status = initial;
	}

	ClusterStatus status() {
		return this.status;
	}

	void update(ClusterStatus current) {
		ClusterStatus before = this.status;
		if (current.equals(before)) {
			return;
		}
		this.status = current;
		if (!withoutFigures(current).equals(withoutFigures(before))) {
			if (!this.urgent) {
				this.urgent = true;
				tellIn(GATHERING);
			}
		}
		else if (this.timer == null) {
			tellIn(figuresGathering(current.workers().size()));
		}
	}

	static Duration figuresGathering(int workers) {
		Duration sparing = FIGURES_PER_WORKER_AND_READER.multipliedBy((long) workers * workers);
		return (sparing.compareTo(MIN_FIGURES) > 0) ? sparing : MIN_FIGURES;
	}

	private static ClusterStatus withoutFigures(ClusterStatus status) {
		return new ClusterStatus(status.masterPid(), status.generation(), status.wanted(), ClusterFigures.NONE,
				status.workers().stream().map(StatusBoard::withoutFigures).toList(), status.slots(), status.restart(),
				status.generations());
	}

	private static ClusterWorker withoutFigures(ClusterWorker worker) {
		return new ClusterWorker(worker.id(), worker.group(), worker.slot(), worker.pid(), worker.state(),
				worker.generation(), worker.forkedAt(), worker.readyAt(), null, null, worker.resources());
	}

	private void tellIn(Duration delay) {
		if (this.timer != null) {
			this.timer.cancel(false);
		}
		this.timer = this.thread.schedule(this::tell, delay);
	}

	private void tell() {
		this.timer = null;
		this.urgent = false;
		Frame frame = new Frame.Status(this.status);
		this.readers.get().forEach((reader) -> reader.offer(frame));
	}

}
