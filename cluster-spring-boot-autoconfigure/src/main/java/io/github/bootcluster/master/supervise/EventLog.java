package io.github.bootcluster.master.supervise;

import java.time.Duration;
import java.time.Instant;

import io.github.bootcluster.ClusterWorker;
import io.github.bootcluster.ExitKind;
import io.github.bootcluster.RestartStatus;
import io.github.bootcluster.WorkerExit;
import io.github.bootcluster.event.ClusterEvent;
import io.github.bootcluster.event.ClusterStartedEvent;
import io.github.bootcluster.event.RollingRestartAbortedEvent;
import io.github.bootcluster.event.RollingRestartCompletedEvent;
import io.github.bootcluster.event.RollingRestartEvent;
import io.github.bootcluster.event.RollingRestartStartedEvent;
import io.github.bootcluster.event.WorkerDisconnectedEvent;
import io.github.bootcluster.event.WorkerEvent;
import io.github.bootcluster.event.WorkerExitedEvent;
import io.github.bootcluster.event.WorkerForkedEvent;
import io.github.bootcluster.event.WorkerListeningEvent;
import io.github.bootcluster.event.WorkerOnlineEvent;
import io.github.bootcluster.event.WorkerReadyEvent;
import io.github.bootcluster.event.WorkerRespawnSuppressedEvent;
import io.github.bootcluster.event.WorkerUnresponsiveEvent;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

/**
 * Writes one line for each event in the life of the cluster: a sentence for people and,
 * behind a semicolon, pairs of a key and a value for programs, led by the event's name.
 */
final class EventLog {

	private static final Log logger = LogFactory.getLog(EventLog.class);

	private static final double MILLIS_PER_SECOND = 1000.0;

	private EventLog() {
	}

	static void write(ClusterEvent event) {
		if (event instanceof WorkerEvent worker) {
			write(worker);
		}
		else if (event instanceof RollingRestartEvent restart) {
			write(restart, restart.getRestart());
		}
		else if (event instanceof ClusterStartedEvent started) {
			int workers = started.getStatus().wanted();
			logger.info("Starting cluster with %d workers; %s".formatted(workers,
					new EventPairs("started").add("pid", started.getStatus().masterPid()).add("workers", workers)));
		}
	}

	private static void write(WorkerEvent event) {
		ClusterWorker worker = event.getWorker();
		if (event instanceof WorkerForkedEvent) {
			logger.info(line(worker, "was forked", pairs("forked", worker)));
		}
		else if (event instanceof WorkerOnlineEvent) {
			logger.info(line(worker, "is online", pairs("online", worker)));
		}
		else if (event instanceof WorkerListeningEvent listening) {
			String port = (listening.getPort() >= 0) ? " port " + listening.getPort() : "";
			logger.info(line(worker, "listens on " + listening.getAddress() + port,
					pairs("listening", worker).add("address", listening.getAddress())
						.add("port", listening.getPort())
						.add("kind", listening.getKind())));
		}
		else if (event instanceof WorkerReadyEvent) {
			Instant readyAt = (worker.readyAt() != null) ? worker.readyAt() : worker.forkedAt();
			long millis = Duration.between(worker.forkedAt(), readyAt).toMillis();
			logger.info(line(worker, "is ready after %.1f s".formatted(millis / MILLIS_PER_SECOND),
					pairs("ready", worker).add("millis", millis)));
		}
		else if (event instanceof WorkerDisconnectedEvent) {
			logger.info(line(worker, "is disconnected", pairs("disconnected", worker)));
		}
		else if (event instanceof WorkerExitedEvent exited) {
			write(worker, exited.getExit());
		}
		else if (event instanceof WorkerUnresponsiveEvent unresponsive) {
			long millis = unresponsive.getSilence().toMillis();
			boolean dumped = unresponsive.getThreadDump() != null;
			logger.error(line(worker,
					"%s, %s".formatted(
							unresponsive.isBroken() ? "is broken, by its liveness state, and is replaced"
									: "hangs and is replaced: not all of its event loops have answered for %d ms"
										.formatted(millis),
							dumped ? "its thread dump is in its log" : "no thread dump received"),
					pairs("unresponsive", worker).add("millis", millis).add("dumped", dumped)));
		}
		else if (event instanceof WorkerRespawnSuppressedEvent suppressed) {
			logger.error("%s is given up after %d workers in a row died early; a rolling restart takes it up again; %s"
				.formatted(Slot.sentence(worker.group(), suppressed.getSlot()), suppressed.getAttempts(),
						pairs("suppressed", worker).add("attempts", suppressed.getAttempts())));
		}
	}

	private static void write(ClusterWorker worker, WorkerExit exit) {
		EventPairs pairs = pairs("exited", worker).add("kind", exit.kind()).add("code", exit.exitCode());
		if (exit.signal() != null) {
			pairs.add("signal", exit.signal());
		}
		if (exit.crashReport() != null) {
			pairs.add("report", exit.crashReport());
		}
		String line = line(worker, exit.reason(), pairs.add("voluntary", exit.voluntary()));
		if (exit.kind() == ExitKind.VOLUNTARY) {
			logger.info(line);
		}
		else {
			logger.warn(line);
		}
	}

	private static void write(RollingRestartEvent event, RestartStatus restart) {
		if (event instanceof RollingRestartStartedEvent) {
			logger.info("Starting rolling restart %s to generation %d; %s".formatted(restart.id(), restart.generation(),
					pairs("restart-started", restart)));
		}
		else if (event instanceof RollingRestartCompletedEvent) {
			logger.info("Rolling restart %s completed: generation %d serves; %s".formatted(restart.id(),
					restart.generation(), pairs("restart-completed", restart)));
		}
		else if (event instanceof RollingRestartAbortedEvent) {
			logger.error("Rolling restart %s is aborted: %s; %s".formatted(restart.id(), restart.reason(),
					pairs("restart-aborted", restart)));
		}
		else {
			logger.info("Rolling restart %s has replaced %d of %d workers; %s".formatted(restart.id(),
					restart.replaced(), restart.total(), pairs("restart-progressed", restart)));
		}
	}

	private static String line(ClusterWorker worker, String sentence, EventPairs pairs) {
		return "Worker %d (%s, pid %d, generation %d) %s; %s".formatted(worker.id(),
				Slot.describe(worker.group(), worker.slot()), worker.pid(), worker.generation(), sentence, pairs);
	}

	private static EventPairs pairs(String event, ClusterWorker worker) {
		EventPairs pairs = new EventPairs(event).add("worker", worker.id());
		if (!worker.group().equals(ClusterWorker.DEFAULT_GROUP)) {
			pairs.add("group", worker.group());
		}
		return pairs.add("slot", worker.slot()).add("pid", worker.pid()).add("generation", worker.generation());
	}

	private static EventPairs pairs(String event, RestartStatus restart) {
		return new EventPairs(event).add("restart", restart.id())
			.add("generation", restart.generation())
			.add("replaced", restart.replaced())
			.add("total", restart.total());
	}

}
