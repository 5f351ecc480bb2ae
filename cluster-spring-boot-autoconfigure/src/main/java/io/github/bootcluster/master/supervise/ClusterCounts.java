package io.github.bootcluster.master.supervise;

import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;

import io.github.bootcluster.ClusterFigures;
import io.github.bootcluster.ClusterFigures.Restarts;
import io.github.bootcluster.ExitKind;
import io.github.bootcluster.RestartStatus;
import io.github.bootcluster.event.ClusterEvent;
import io.github.bootcluster.event.RollingRestartAbortedEvent;
import io.github.bootcluster.event.RollingRestartCompletedEvent;
import io.github.bootcluster.event.WorkerExitedEvent;
import io.github.bootcluster.event.WorkerForkedEvent;

/**
 * Counts what happens to workers, by the very events that tell of it, so that the figures
 * are those that a listener would get. It belongs to the supervisor's thread.
 */
final class ClusterCounts {

	private final Map<ExitKind, Long> exits = new EnumMap<>(ExitKind.class);

	private long forks;

	private long respawns;

	private Restarts completed = Restarts.NONE;

	private Restarts aborted = Restarts.NONE;

	void count(ClusterEvent event) {
		if (event instanceof WorkerForkedEvent) {
			this.forks++;
		}
		else if (event instanceof WorkerExitedEvent exited) {
			this.exits.merge(exited.getExit().kind(), 1L, Long::sum);
		}
		else if (event instanceof RollingRestartCompletedEvent ended) {
			this.completed = this.completed.plus(duration(ended.getRestart()));
		}
		else if (event instanceof RollingRestartAbortedEvent ended) {
			this.aborted = this.aborted.plus(duration(ended.getRestart()));
		}
	}

	private static Duration duration(RestartStatus ended) {
		return (ended.endedAt() != null) ? Duration.between(ended.startedAt(), ended.endedAt()) : Duration.ZERO;
	}

	/**
	 * Takes note that a worker was forked in place of one that the master had not asked
	 * to end. No event tells that.
	 */
	void respawned() {
		this.respawns++;
	}

	ClusterFigures figures(ClusterFigures.Connections connections) {
		return new ClusterFigures(this.forks, this.respawns, this.exits, this.completed, this.aborted, connections);
	}

}
