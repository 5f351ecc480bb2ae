package io.github.bootcluster.autoconfigure.role;

import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;

import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.PatternLayout;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.util.LogbackMDCAdapter;
import ch.qos.logback.core.AppenderBase;
import ch.qos.logback.core.status.Status;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;
import org.slf4j.spi.MDCAdapter;

import static org.assertj.core.api.Assertions.assertThat;

class ConstantMdcAdapterTests {

	private static final Map<String, String> CONSTANTS = Map.of("cluster.worker.id", "7", "cluster.worker.slot", "2");

	private final LoggerContext context = new LoggerContext();

	/**
	 * What the application writes to, as SLF4J's MDC does.
	 */
	private final MDCAdapter mdc = new LogbackMDCAdapter();

	private final List<String> lines = new CopyOnWriteArrayList<>();

	private Logger logger;

	@BeforeEach
	void configure() {
		this.context.setMDCAdapter(this.mdc);
		ConstantMdcAdapter.install(this.context, CONSTANTS);
		PatternLayout layout = new PatternLayout();
		layout.setContext(this.context);
		layout.setPattern("%X{cluster.worker.id}/%X{cluster.worker.slot}/%X{mine:-} %msg");
		layout.start();
		AppenderBase<ILoggingEvent> appender = new AppenderBase<>() {

			@Override
			protected void append(ILoggingEvent event) {
				ConstantMdcAdapterTests.this.lines.add(layout.doLayout(event));
			}

		};
		appender.setContext(this.context);
		appender.start();
		this.context.getLogger(Logger.ROOT_LOGGER_NAME).addAppender(appender);
		this.logger = this.context.getLogger("test");
	}

	@Test
	void eventsOfAllThreadsHaveTheValues() throws InterruptedException {
		this.logger.info("here");
		Thread thread = new Thread(() -> this.logger.info("there"));
		thread.start();
		thread.join();
		assertThat(this.lines).containsExactly("7/2/ here", "7/2/ there");
	}

	@Test
	void nothingIsSaidOfIt() {
		ConstantMdcAdapter.install(this.context, Map.of("cluster.worker.id", "8"));
		this.logger.info("once");
		assertThat(this.lines).containsExactly("7/2/ once");
		assertThat(this.context.getStatusManager().getCopyOfStatusList())
			.noneMatch((status) -> status.getLevel() >= Status.WARN);
	}

	@Test
	void whatTheApplicationPutsThereStandsBesideThem() {
		this.mdc.put("mine", "x");
		this.logger.info("with");
		this.mdc.clear();
		this.logger.info("without");
		assertThat(this.lines).containsExactly("7/2/x with", "7/2/ without");
	}

	@Test
	void applicationHasTheLastWord() {
		this.mdc.put("cluster.worker.slot", "own");
		this.logger.info("own");
		assertThat(this.lines).containsExactly("7/own/ own");
	}

	@Test
	void contextOfTheApplicationIsNotTouched() {
		this.logger.info("x");
		assertThat(this.mdc.getCopyOfContextMap()).isNull();
		ConstantMdcAdapter adapter = new ConstantMdcAdapter(this.mdc, CONSTANTS);
		adapter.put("mine", "x");
		assertThat(adapter.get("mine")).isEqualTo("x");
		assertThat(adapter.get("cluster.worker.id")).isEqualTo("7");
		assertThat(this.mdc.getCopyOfContextMap()).containsOnlyKeys("mine");
		adapter.clear();
		assertThat(adapter.getCopyOfContextMap()).isEqualTo(CONSTANTS);
	}

}
