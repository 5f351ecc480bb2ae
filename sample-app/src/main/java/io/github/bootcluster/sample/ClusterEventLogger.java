package io.github.bootcluster.sample;

import io.github.bootcluster.ClusterRole;
import io.github.bootcluster.ConditionalOnClusterRole;
import io.github.bootcluster.event.ClusterEvent;
import io.github.bootcluster.event.WorkerEvent;
import io.github.bootcluster.event.WorkerExitedEvent;
import io.github.bootcluster.event.WorkerListeningEvent;
import io.github.bootcluster.event.WorkerMessageEvent;
import io.github.bootcluster.event.WorkerRespawnSuppressedEvent;
import io.github.bootcluster.event.WorkerUnresponsiveEvent;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

import org.springframework.context.event.EventListener;
import org.springframework.stereotype.Component;

/**
 * Lives in the master and writes one line for whatever happens in the cluster, of which
 * the master tells at level INFO.
 */
@Component
@ConditionalOnClusterRole(ClusterRole.MASTER)
class ClusterEventLogger {

	private static final Log logger = LogFactory.getLog(ClusterEventLogger.class);

	@EventListener
	void log(ClusterEvent event) {
		logger.debug(event.getClass().getSimpleName() + ": " + describe(event));
	}

	private static String describe(ClusterEvent event) {
		if (event instanceof WorkerListeningEvent listening) {
			String port = (listening.getPort() >= 0) ? " port " + listening.getPort() : "";
			return listening.getWorker() + " on " + listening.getAddress() + port + " by " + listening.getKind();
		}
		if (event instanceof WorkerExitedEvent exited) {
			return exited.getWorker() + " " + exited.getExit().kind() + " " + exited.getExit().reason();
		}
		if (event instanceof WorkerUnresponsiveEvent unresponsive) {
			String dump = unresponsive.getThreadDump();
			return unresponsive.getWorker() + " silent for " + unresponsive.getSilence().toMillis() + " ms, "
					+ ((dump != null) ? dump.lines().count() + " lines of thread dump" : "no thread dump");
		}
		if (event instanceof WorkerRespawnSuppressedEvent suppressed) {
			return "slot " + suppressed.getSlot() + " after " + suppressed.getAttempts() + " attempts, the last was "
					+ suppressed.getWorker();
		}
		if (event instanceof WorkerMessageEvent message) {
			return message.getWorker() + " " + message.getName() + " " + message.getPayload();
		}
		if (event instanceof WorkerEvent worker) {
			return worker.getWorker().toString();
		}
		return String.valueOf(event.getSource());
	}

}
