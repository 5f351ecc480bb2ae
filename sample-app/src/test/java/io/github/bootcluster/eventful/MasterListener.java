package io.github.bootcluster.eventful;

import java.util.List;

import io.github.bootcluster.Cluster;
import io.github.bootcluster.ClusterRole;
import io.github.bootcluster.ConditionalOnClusterRole;
import io.github.bootcluster.WorkerExit;
import io.github.bootcluster.event.RollingRestartCompletedEvent;
import io.github.bootcluster.event.WorkerExitedEvent;
import io.github.bootcluster.event.WorkerForkedEvent;
import io.github.bootcluster.event.WorkerListeningEvent;
import io.github.bootcluster.event.WorkerReadyEvent;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

import org.springframework.context.event.EventListener;
import org.springframework.stereotype.Component;

/**
 * Bean of the master that behaves as badly as one can: it fails at every fork, and blocks
 * for ever once a rolling restart is complete. It starts one when the first worker is
 * ready.
 */
@Component
@ConditionalOnClusterRole(ClusterRole.MASTER)
class MasterListener {

	private static final Log logger = LogFactory.getLog(MasterListener.class);

	private final Cluster cluster;

	MasterListener(Cluster cluster) {
		this.cluster = cluster;
	}

	@EventListener
	void forked(WorkerForkedEvent event) {
		throw new IllegalStateException("Failing at the fork of worker " + event.getWorker().id());
	}

	@EventListener
	void listening(WorkerListeningEvent event) {
		logger.info("Worker %d listens on %s port %d by %s".formatted(event.getWorker().id(), event.getAddress(),
				event.getPort(), event.getKind()));
	}

	@EventListener
	void ready(WorkerReadyEvent event) {
		if (event.getWorker().id() == 1) {
			this.cluster.restart()
				.thenAccept((restart) -> logger.info("The %s has begun to restart to generation %d"
					.formatted(this.cluster.role(), restart.status().generation())));
		}
	}

	@EventListener
	void exited(WorkerExitedEvent event) {
		WorkerExit exit = event.getExit();
		List<String> lines = exit.lastLines();
		logger.info("Worker %d has exited: code %d, signal %s, voluntary %s, last line '%s'".formatted(
				event.getWorker().id(), exit.exitCode(), exit.signal(), exit.voluntary(),
				lines.isEmpty() ? "" : lines.get(lines.size() - 1)));
	}

	@EventListener
	void restarted(RollingRestartCompletedEvent event) throws InterruptedException {
		logger.info("Blocking after the restart to generation " + event.getRestart().generation());
		Thread.sleep(Long.MAX_VALUE);
	}

}
