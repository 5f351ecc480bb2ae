package io.github.bootcluster.master.supervise;

import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.IntConsumer;

import io.github.bootcluster.RollingRestart;
import io.github.bootcluster.process.EarlySignals;
import io.github.bootcluster.process.MasterConsole;
import io.github.bootcluster.process.ProcessSignals;
import io.github.bootcluster.wire.Failure;
import io.github.bootcluster.wire.Operation;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

/**
 * The signals that a master obeys: TERM and INT end the cluster gracefully and with exit
 * code 0, the second one at once; HUP and USR1 restart it, as with node-cluster; TTIN and
 * TTOU mean one worker more and one fewer, as with Gunicorn and Puma. QUIT is the JVM's
 * own, which answers it with a thread dump and lets nobody notice.
 */
public final class MasterSignals {

	private static final Log logger = LogFactory.getLog(MasterSignals.class);

	private static final int SIGNAL_BASE = 128;

	private static final Set<String> RESTARTS = Set.of("HUP", "USR1");

	private final Supervisor supervisor;

	private final Runnable cleanup;

	private final AtomicBoolean ending = new AtomicBoolean();

	/**
	 * Creates the handlers.
	 * @param cleanup what has to be done before the process ends at once
	 */
	public MasterSignals(Supervisor supervisor, Runnable cleanup) {
		this.supervisor = supervisor;
		this.cleanup = cleanup;
	}

	/**
	 * Obeys the signals that end the cluster. The others are remembered until its first
	 * worker is ready.
	 */
	public void install() {
		EarlySignals.hold();
		handle("TERM", (number) -> end("TERM", number));
		handle("INT", (number) -> end("INT", number));
		EarlySignals.end().ifPresent((name) -> {
			logger.info("Received %s during the start: shutting down".formatted(name));
			System.exit(0);
		});
	}

	/**
	 * Obeys all signals, those that have come before included.
	 */
	public void ready() {
		handle("HUP", (number) -> restart("HUP"));
		handle("USR1", (number) -> restart("USR1"));
		handle("TTIN", (number) -> scale("TTIN", 1));
		handle("TTOU", (number) -> scale("TTOU", -1));
		List<String> early = EarlySignals.take();
		early.stream().filter("TTIN"::equals).forEach((name) -> scale(name, 1));
		early.stream().filter("TTOU"::equals).forEach((name) -> scale(name, -1));
		early.stream().filter(RESTARTS::contains).findFirst().ifPresent(this::restart);
	}

	private void handle(String name, IntConsumer handler) {
		if (!ProcessSignals.handle(name, handler)) {
			logger.warn("Cannot handle signal %s: the JVM reserves it".formatted(name));
		}
	}

	private void end(String name, int number) {
		if (this.ending.compareAndSet(false, true)) {
			logger.info("Received %s: shutting down gracefully; a second signal ends at once".formatted(name));
			// Before the application's context is closed, which may take its time
			this.supervisor.stop();
			// exit() waits for the shutdown hooks
			new Thread(() -> System.exit(0), "cluster-shutdown").start();
		}
		else {
			logger.warn("Received %s again: ending at once".formatted(name));
			this.supervisor.kill().toCompletableFuture().join();
			this.cleanup.run();
			MasterConsole.end();
			Runtime.getRuntime().halt(SIGNAL_BASE + number);
		}
	}

	private void restart(String name) {
		this.supervisor.perform(new Operation.Restart(null, false), "signal " + name)
			.whenComplete((restart, failure) -> logger.info("Received %s: %s".formatted(name, (failure != null)
					? Failure.cause(failure).getMessage() : "rolling restart " + ((RollingRestart) restart).id())));
	}

	private void scale(String name, int more) {
		this.supervisor.scaleBy(more, "signal " + name).exceptionally((failure) -> {
			logger.info("Received %s: %s".formatted(name, Failure.cause(failure).getMessage()));
			return null;
		});
	}

}
