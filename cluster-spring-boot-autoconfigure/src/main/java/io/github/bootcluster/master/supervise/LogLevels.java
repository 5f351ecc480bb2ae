package io.github.bootcluster.master.supervise;

import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;

import io.github.bootcluster.wire.ControlConnection;
import io.github.bootcluster.wire.Frame;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

/**
 * The log levels that somebody has set while the cluster runs: they hold in all workers,
 * and in those that are forked later, until they are reset. Everything happens on the
 * supervisor's thread.
 */
final class LogLevels {

	static final int MAX_LEVELS = 1000;

	private static final Log logger = LogFactory.getLog(LogLevels.class);

	private final Map<String, Frame.LogLevel> levels = new LinkedHashMap<>();

	private final Set<ControlConnection> workers = new LinkedHashSet<>();

	/**
	 * A worker is online.
	 */
	void add(ControlConnection worker) {
		this.workers.add(worker);
		this.levels.values().forEach(worker::send);
	}

	/**
	 * Sends a worker that is gone nothing more.
	 */
	void forget(ControlConnection worker) {
		this.workers.remove(worker);
	}

	/**
	 * Sets or resets a level in all workers. The one that asks gets it as well: somebody
	 * may have asked another one at the same time.
	 */
	void set(Frame.LogLevel change, WorkerHandle asker) {
		// A line of the log stays one line
		String name = change.logger().replaceAll("\\p{Cntrl}", "?");
		boolean known = this.levels.containsKey(change.logger());
		if (!known && this.levels.size() >= MAX_LEVELS) {
			logger.warn("The log level of '%s' is set in worker %d alone: %d levels are set already".formatted(name,
					asker.id(), MAX_LEVELS));
			return;
		}
		// To the end: a worker that is forked later takes them in the same order
		this.levels.remove(change.logger());
		this.levels.put(change.logger(), change);
		if (change.level() == null) {
			logger.info("Resetting the log level of '%s' in all workers (requested by worker %d)".formatted(name,
					asker.id()));
		}
		else {
			logger.info("Setting the log level of '%s' to %s in all workers (requested by worker %d)".formatted(name,
					change.level(), asker.id()));
		}
		this.workers.forEach((worker) -> worker.send(change));
	}

}
