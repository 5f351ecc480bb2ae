package io.github.bootcluster.autoconfigure.role;

import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;

import org.apache.logging.log4j.core.LogEvent;
import org.apache.logging.log4j.core.Logger;
import org.apache.logging.log4j.core.LoggerContext;
import org.apache.logging.log4j.core.appender.AbstractAppender;
import org.apache.logging.log4j.core.config.DefaultConfiguration;
import org.apache.logging.log4j.core.config.Property;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class WorkerContextDataProviderTests {

	private final List<String> contexts = new CopyOnWriteArrayList<>();

	private final LoggerContext context = new LoggerContext("test");

	@AfterEach
	void stop() {
		WorkerContextDataProvider.provide(Map.of());
		this.context.stop();
	}

	@Test
	void eventsOfAllThreadsHaveTheValues() throws InterruptedException {
		this.context.start(new DefaultConfiguration());
		Logger logger = this.context.getLogger("test");
		AbstractAppender appender = new AbstractAppender("test", null, null, true, Property.EMPTY_ARRAY) {

			@Override
			public void append(LogEvent event) {
				WorkerContextDataProviderTests.this.contexts
					.add(event.getContextData().toMap() + " " + event.getMessage().getFormattedMessage());
			}

		};
		appender.start();
		logger.addAppender(appender);
		logger.error("before");
		WorkerContextDataProvider.provide(Map.of("cluster.worker.slot", "2"));
		logger.error("here");
		Thread thread = new Thread(() -> logger.error("there"));
		thread.start();
		thread.join();
		assertThat(this.contexts).containsExactly("{} before", "{cluster.worker.slot=2} here",
				"{cluster.worker.slot=2} there");
	}

}
