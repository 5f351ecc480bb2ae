package io.github.bootcluster.worker;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.BiConsumer;

import io.github.bootcluster.wire.Frame;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

/**
 * The log levels that all workers share.
 */
public final class LogLevels {

	private static final Log logger = LogFactory.getLog(LogLevels.class);

	private final MasterConnection master;

	/**
	 * Levels that came before there was somebody to set them.
	 */
	private final Map<String, Frame.LogLevel> waiting = new LinkedHashMap<>();

	private @Nullable BiConsumer<String, @Nullable String> setter;

	LogLevels(MasterConnection master) {
		this.master = master;
	}

	/**
	 * Sets a level in all workers, and in those that are forked later.
	 * @param name the name of the logger or of a group of loggers
	 * @param level the level, or {@code null} to reset it
	 * @throws IllegalArgumentException if the name is too long
	 */
	public void set(String name, @Nullable String level) {
		this.master.send(new Frame.LogLevel(name, level));
	}

	/**
	 * Sets who sets the levels of this worker.
	 * @param setter takes the name of a logger and its level, or {@code null} to reset it
	 */
	public synchronized void setBy(BiConsumer<String, @Nullable String> setter) {
		this.setter = setter;
		this.waiting.values().forEach(this::received);
		this.waiting.clear();
	}

	synchronized void received(Frame.LogLevel change) {
		BiConsumer<String, @Nullable String> current = this.setter;
		if (current == null) {
			this.waiting.put(change.logger(), change);
			return;
		}
		try {
			current.accept(change.logger(), change.level());
		}
		catch (RuntimeException ex) {
			logger.warn("The log level of '%s' cannot be set: %s".formatted(change.logger(), ex));
		}
	}

}
