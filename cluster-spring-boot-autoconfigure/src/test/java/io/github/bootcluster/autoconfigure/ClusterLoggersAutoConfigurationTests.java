package io.github.bootcluster.autoconfigure;

import java.util.Map;
import java.util.function.BiConsumer;

import io.github.bootcluster.ClusterRole;
import io.github.bootcluster.actuate.LoggersExtension;
import io.github.bootcluster.worker.LogLevels;
import io.github.bootcluster.worker.MasterConnection;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.mockito.ArgumentCaptor;

import org.springframework.boot.actuate.autoconfigure.logging.LoggersEndpointAutoConfiguration;
import org.springframework.boot.actuate.endpoint.InvalidEndpointRequestException;
import org.springframework.boot.actuate.logging.LoggersEndpoint;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.logging.LogLevel;
import org.springframework.boot.logging.LoggingSystem;
import org.springframework.boot.test.context.runner.ReactiveWebApplicationContextRunner;
import org.springframework.core.env.MapPropertySource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.mockito.BDDMockito.given;
import static org.mockito.BDDMockito.willThrow;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.verify;

/**
 * Promises on log levels that hold in all workers.
 */
class ClusterLoggersAutoConfigurationTests {

	private final MasterConnection master = mock(MasterConnection.class);

	private final LogLevels levels = mock(LogLevels.class);

	private final LoggingSystem logging = mock(LoggingSystem.class);

	private final ReactiveWebApplicationContextRunner standalone = new ReactiveWebApplicationContextRunner()
		.withConfiguration(
				AutoConfigurations.of(ClusterLoggersAutoConfiguration.class, LoggersEndpointAutoConfiguration.class))
		.withBean(LoggingSystem.class, () -> this.logging)
		.withBean(MasterConnection.class, () -> this.master)
		.withPropertyValues("management.endpoints.web.exposure.include=loggers");

	private final ReactiveWebApplicationContextRunner worker = this.standalone.withInitializer((context) -> {
		given(this.master.logLevels()).willReturn(this.levels);
		context.getEnvironment()
			.getPropertySources()
			.addFirst(new MapPropertySource(ClusterRole.PROPERTY_SOURCE_NAME,
					Map.of(ClusterRole.PROPERTY_NAME, ClusterRole.WORKER)));
	});

	@Test
	void levelThatIsSetGoesToAllWorkers() {
		this.worker.run((context) -> {
			LoggersExtension extension = context.getBean(LoggersExtension.class);
			extension.configureLogLevel("web", LogLevel.DEBUG);
			verify(this.logging).setLogLevel("web", LogLevel.DEBUG);
			verify(this.levels).set("web", "DEBUG");
			extension.configureLogLevel("web", null);
			verify(this.levels).set("web", null);
		});
	}

	@Test
	void nameThatIsTooLongIsTheFaultOfTheRequest() {
		this.worker.run((context) -> {
			willThrow(new IllegalArgumentException("too long")).given(this.levels).set("x", "INFO");
			LoggersExtension extension = context.getBean(LoggersExtension.class);
			assertThatExceptionOfType(InvalidEndpointRequestException.class)
				.isThrownBy(() -> extension.configureLogLevel("x", LogLevel.INFO));
		});
	}

	@Test
	@SuppressWarnings("unchecked")
	void levelThatAnotherWorkerWasAskedForIsSetHere() {
		this.worker.run((context) -> {
			ArgumentCaptor<BiConsumer<String, @Nullable String>> setter = ArgumentCaptor.forClass(BiConsumer.class);
			verify(this.levels).setBy(setter.capture());
			setter.getValue().accept("sql", "TRACE");
			verify(this.logging).setLogLevel("sql", LogLevel.TRACE);
			setter.getValue().accept("sql", null);
			verify(this.logging).setLogLevel("sql", null);
		});
	}

	@Test
	void endpointThatIsNotExposedStaysSo() {
		this.worker.withPropertyValues("management.endpoints.web.exposure.include=health")
			.run((context) -> assertThat(context).hasNotFailed().doesNotHaveBean(LoggersExtension.class));
	}

	@Test
	void processThatIsNotClusteredIsLeftAlone() {
		this.standalone.run((context) -> assertThat(context).hasSingleBean(LoggersEndpoint.class)
			.doesNotHaveBean(LoggersExtension.class));
	}

}
