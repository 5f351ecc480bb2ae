package io.github.bootcluster.autoconfigure.role;

import java.util.Map;

import ch.qos.logback.classic.LoggerContext;
import io.github.bootcluster.wire.WorkerIdentity;
import org.slf4j.LoggerFactory;

import org.springframework.util.ClassUtils;

/**
 * Puts the role of a process, and a worker's id, group, slot and generation into the
 * logging context (MDC) of whatever it logs, in all of its threads.
 */
final class LoggingContext {

	private static final String LOGBACK = "ch.qos.logback.classic.LoggerContext";

	private static final String LOG4J = "org.apache.logging.log4j.core.util.ContextDataProvider";

	private static final String ROLE = "cluster.role";

	private LoggingContext() {
	}

	/**
	 * Adds the values, for as long as the process lives.
	 */
	static void add(WorkerIdentity identity) {
		add(values(identity));
	}

	/**
	 * Adds what tells the master's lines from those of workers.
	 */
	static void addMaster() {
		add(Map.of(ROLE, "master"));
	}

	private static void add(Map<String, String> values) {
		if (ClassUtils.isPresent(LOGBACK, null)) {
			Logback.add(values);
		}
		if (ClassUtils.isPresent(LOG4J, null)) {
			WorkerContextDataProvider.provide(values);
		}
	}

	static Map<String, String> values(WorkerIdentity identity) {
		return Map.of(ROLE, "worker", "cluster.worker.id", String.valueOf(identity.id()), "cluster.worker.group",
				identity.group(), "cluster.worker.slot", String.valueOf(identity.slot()), "cluster.worker.generation",
				String.valueOf(identity.generation()));
	}

	private static final class Logback {

		static void add(Map<String, String> values) {
			if (LoggerFactory.getILoggerFactory() instanceof LoggerContext context) {
				ConstantMdcAdapter.install(context, values);
			}
		}

	}

}
