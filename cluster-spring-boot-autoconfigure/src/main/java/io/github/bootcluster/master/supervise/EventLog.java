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

/**
 * Writes one line for each event in the life of the cluster.
 */
final class EventLog {

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
			new EventLine("started").add("master.pid", started.getStatus().masterPid())
				.add("workers", workers)
				.info("Starting cluster with %d workers using Java %s with PID %d".formatted(workers,
						System.getProperty("java.version"), started.getStatus().masterPid()));
		}
	}

	private static void write(WorkerEvent event) {
		ClusterWorker worker = event.getWorker();
		if (event instanceof WorkerForkedEvent) {
			line("forked", worker).info(sentence(worker, "was forked"));
		}
		else if (event instanceof WorkerOnlineEvent) {
			line("online", worker).info(sentence(worker, "is online"));
		}
		else if (event instanceof WorkerListeningEvent listening) {
			String port = (listening.getPort() >= 0) ? " port " + listening.getPort() : "";
			line("listening", worker).add("listener.address", listening.getAddress())
				.add("listener.port", listening.getPort())
				.add("listener.kind", listening.getKind())
				.info(sentence(worker, "listens on " + listening.getAddress() + port));
		}
		else if (event instanceof WorkerReadyEvent) {
			Instant readyAt = (worker.readyAt() != null) ? worker.readyAt() : worker.forkedAt();
			long millis = Duration.between(worker.forkedAt(), readyAt).toMillis();
			line("ready", worker).add("worker.start-millis", millis)
				.info(sentence(worker, "is ready after %.1f s".formatted(millis / MILLIS_PER_SECOND)));
		}
		else if (event instanceof WorkerDisconnectedEvent) {
			line("disconnected", worker).info(sentence(worker, "is disconnected"));
		}
		else if (event instanceof WorkerExitedEvent exited) {
			write(worker, exited.getExit());
		}
		else if (event instanceof WorkerUnresponsiveEvent unresponsive) {
			long millis = unresponsive.getSilence().toMillis();
			boolean dumped = unresponsive.getThreadDump() != null;
			line("unresponsive", worker).add("worker.silent-millis", millis)
				.add("worker.dumped", dumped)
				.error(sentence(worker,
						"%s, %s".formatted(
								unresponsive.isBroken() ? "is broken, by its liveness state, and is replaced"
										: "hangs and is replaced: not all of its event loops have answered for %d ms"
											.formatted(millis),
								dumped ? "its thread dump is in its log" : "no thread dump received")));
		}
		else if (event instanceof WorkerRespawnSuppressedEvent suppressed) {
			line("suppressed", worker).add("worker.attempts", suppressed.getAttempts())
				.error("%s is given up after %d workers in a row died early; a rolling restart takes it up again"
					.formatted(Slot.sentence(worker.group(), suppressed.getSlot()), suppressed.getAttempts()));
		}
	}

	private static void write(ClusterWorker worker, WorkerExit exit) {
		EventLine line = line("exited", worker).add("exit.kind", exit.kind())
			.add("exit.code", exit.exitCode())
			.add("exit.voluntary", exit.voluntary());
		if (exit.signal() != null) {
			line.add("exit.signal", exit.signal());
		}
		if (exit.crashReport() != null) {
			line.add("exit.crash-report", exit.crashReport());
		}
		String sentence = sentence(worker, exit.reason());
		if (exit.kind() == ExitKind.VOLUNTARY) {
			line.info(sentence);
		}
		else {
			line.warn(sentence);
		}
	}

	private static void write(RollingRestartEvent event, RestartStatus restart) {
		if (event instanceof RollingRestartStartedEvent) {
			line("restart-started", restart)
				.info("Starting rolling restart %s to generation %d".formatted(restart.id(), restart.generation()));
		}
		else if (event instanceof RollingRestartCompletedEvent) {
			line("restart-completed", restart).info(
					"Rolling restart %s completed: generation %d serves".formatted(restart.id(), restart.generation()));
		}
		else if (event instanceof RollingRestartAbortedEvent) {
			line("restart-aborted", restart)
				.error("Rolling restart %s is aborted: %s".formatted(restart.id(), restart.reason()));
		}
		else {
			line("restart-progressed", restart).info("Rolling restart %s has replaced %d of %d workers"
				.formatted(restart.id(), restart.replaced(), restart.total()));
		}
	}

	private static String sentence(ClusterWorker worker, String predicate) {
		return "Worker %d (%s, pid %d, generation %d) %s".formatted(worker.id(),
				Slot.describe(worker.group(), worker.slot()), worker.pid(), worker.generation(), predicate);
	}

	private static EventLine line(String event, ClusterWorker worker) {
		return new EventLine(event).add("worker.id", worker.id())
			.add("worker.group", worker.group())
			.add("worker.slot", worker.slot())
			.add("worker.pid", worker.pid())
			.add("worker.generation", worker.generation());
	}

	private static EventLine line(String event, RestartStatus restart) {
		return new EventLine(event).add("restart.id", restart.id())
			.add("restart.generation", restart.generation())
			.add("restart.replaced", restart.replaced())
			.add("restart.total", restart.total());
	}

}
