package io.github.bootcluster.master.supervise;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.BiConsumer;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;
import org.slf4j.helpers.NOPLoggerFactory;
import org.slf4j.spi.LoggingEventBuilder;

import org.springframework.util.ClassUtils;

/**
 * Line of the log that tells of an event: a sentence for people, and fields for programs.
 * These are key-value pairs of SLF4J, which Spring Boot's structured formats show;
 * without SLF4J only the sentence is logged. Their names are those of the context of a
 * worker's own lines.
 */
public final class EventLine {

	private static final String LOGGER = EventLog.class.getName();

	private static final Sink sink = ClassUtils.isPresent("org.slf4j.spi.LoggingEventBuilder",
			EventLine.class.getClassLoader()) ? FluentSink.create() : new PlainSink();

	private final Map<String, Object> fields = new LinkedHashMap<>();

	/**
	 * Creates a line.
	 */
	public EventLine(String event) {
		add("event", event);
	}

	/**
	 * Adds a field, whose name begins with {@code cluster.} in the log.
	 */
	public EventLine add(String key, Object value) {
		this.fields.put("cluster." + key, value);
		return this;
	}

	/**
	 * Writes the line.
	 */
	public void info(String sentence) {
		sink.log(Severity.INFO, sentence, this.fields);
	}

	void warn(String sentence) {
		sink.log(Severity.WARN, sentence, this.fields);
	}

	void error(String sentence) {
		sink.log(Severity.ERROR, sentence, this.fields);
	}

	/**
	 * Tells whether lines of the level INFO are written.
	 */
	public static boolean isInfoEnabled() {
		return LogFactory.getLog(LOGGER).isInfoEnabled();
	}

	private enum Severity {

		INFO(Log::info), WARN(Log::warn), ERROR(Log::error);

		private final BiConsumer<Log, Object> plain;

		Severity(BiConsumer<Log, Object> plain) {
			this.plain = plain;
		}

	}

	private interface Sink {

		void log(Severity severity, String sentence, Map<String, Object> fields);

	}

	private static final class PlainSink implements Sink {

		private final Log logger = LogFactory.getLog(LOGGER);

		@Override
		public void log(Severity severity, String sentence, Map<String, Object> fields) {
			severity.plain.accept(this.logger, sentence);
		}

	}

	/**
	 * Is loaded only where SLF4J is there.
	 */
	private static final class FluentSink implements Sink {

		private final Logger logger = LoggerFactory.getLogger(LOGGER);

		static Sink create() {
			// An API that nobody implements would lose the lines
			return (LoggerFactory.getILoggerFactory() instanceof NOPLoggerFactory) ? new PlainSink() : new FluentSink();
		}

		@Override
		public void log(Severity severity, String sentence, Map<String, Object> fields) {
			LoggingEventBuilder line = this.logger.atLevel(Level.valueOf(severity.name()));
			fields.forEach(line::addKeyValue);
			line.log(sentence);
		}

	}

}
