package io.github.bootcluster.autoconfigure.role;

import java.util.Map;

import ch.qos.logback.classic.LoggerContext;
import io.github.bootcluster.wire.WorkerIdentity;
import org.slf4j.LoggerFactory;

import org.springframework.util.ClassUtils;

/**
 * Puts a worker's id, slot and generation into the logging context (MDC) of whatever the
 * worker logs, in all of its threads.
 */
final class LoggingContext {

	private static final String LOGBACK = "ch.qos.logback.classic.LoggerContext";

	private static final String LOG4J = "org.apache.logging.log4j.core.util.ContextDataProvider";

	private LoggingContext() {
	}

	/**
	 * Adds the values, for as long as the process lives.
	 */
	static void add(WorkerIdentity identity) {
		if (ClassUtils.isPresent(LOGBACK, null)) {
			Logback.add(values(identity));
		}
		if (ClassUtils.isPresent(LOG4J, null)) {
			WorkerContextDataProvider.provide(values(identity));
		}
	}

	static Map<String, String> values(WorkerIdentity identity) {
		return Map.of("cluster.worker.id", String.valueOf(identity.id()), "cluster.worker.group", identity.group(),
				"cluster.worker.slot", String.valueOf(identity.slot()), "cluster.worker.generation",
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
