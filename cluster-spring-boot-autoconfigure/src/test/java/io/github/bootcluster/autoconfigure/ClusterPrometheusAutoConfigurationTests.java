package io.github.bootcluster.autoconfigure;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

import io.github.bootcluster.ClusterRole;
import io.github.bootcluster.ClusterUnavailableException;
import io.github.bootcluster.actuate.FakeCluster;
import io.github.bootcluster.actuate.PrometheusScrapeExtension;
import io.github.bootcluster.autoconfigure.properties.ClusterProperties;
import io.github.bootcluster.metrics.prometheus.ClusterPrometheusScrape;
import io.github.bootcluster.worker.MasterConnection;
import io.github.bootcluster.worker.MeterExchange;
import org.junit.jupiter.api.Test;

import org.springframework.boot.actuate.endpoint.web.WebEndpointResponse;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.micrometer.metrics.autoconfigure.CompositeMeterRegistryAutoConfiguration;
import org.springframework.boot.micrometer.metrics.autoconfigure.MetricsAutoConfiguration;
import org.springframework.boot.micrometer.metrics.autoconfigure.export.prometheus.PrometheusMetricsExportAutoConfiguration;
import org.springframework.boot.micrometer.metrics.autoconfigure.export.prometheus.PrometheusOutputFormat;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ReactiveWebApplicationContextRunner;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.MapPropertySource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.BDDMockito.given;
import static org.mockito.Mockito.mock;

/**
 * Promises on when a scrape shows the whole cluster.
 */
class ClusterPrometheusAutoConfigurationTests {

	private final MasterConnection master = mock(MasterConnection.class);

	private final MeterExchange exchange = mock(MeterExchange.class);

	private final ReactiveWebApplicationContextRunner standalone = new ReactiveWebApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(ClusterPrometheusAutoConfiguration.class,
				ClusterMetricsAutoConfiguration.class, MetricsAutoConfiguration.class,
				PrometheusMetricsExportAutoConfiguration.class, CompositeMeterRegistryAutoConfiguration.class))
		.withUserConfiguration(Properties.class)
		.withBean(FakeCluster.class)
		.withBean(MasterConnection.class, () -> this.master)
		.withPropertyValues("management.endpoints.web.exposure.include=prometheus");

	private final ReactiveWebApplicationContextRunner worker = this.standalone.withInitializer((context) -> {
		given(this.master.meters()).willReturn(this.exchange);
		context.getEnvironment()
			.getPropertySources()
			.addFirst(new MapPropertySource(ClusterRole.PROPERTY_SOURCE_NAME,
					Map.of(ClusterRole.PROPERTY_NAME, ClusterRole.WORKER, "cluster.worker.slot", 2)));
	});

	@Test
	void workerAnswersForTheCluster() {
		given(this.exchange.collect(any())).willReturn(CompletableFuture.completedFuture(List.of()));
		this.worker.run((context) -> {
			WebEndpointResponse<byte[]> answer = scrape(context.getBean(PrometheusScrapeExtension.class));
			assertThat(answer.getStatus()).isEqualTo(200);
			assertThat(new String(answer.getBody(), StandardCharsets.UTF_8))
				.contains("cluster_connections_accepted_total{process=\"master\"} 100.0");
		});
	}

	@Test
	void answerIsThatOfAServiceThatIsNotAvailableWithoutAMaster() {
		given(this.exchange.collect(any()))
			.willReturn(CompletableFuture.failedFuture(new ClusterUnavailableException("The master is gone")));
		this.worker.run((context) -> {
			WebEndpointResponse<byte[]> answer = scrape(context.getBean(PrometheusScrapeExtension.class));
			assertThat(answer.getStatus()).isEqualTo(503);
			assertThat(answer.getBody()).asString().isEqualTo("The master is gone");
		});
	}

	@Test
	void workerAnswersForItselfIfItIsConfiguredSo() {
		this.worker.withPropertyValues("cluster.metrics.aggregate=false")
			.run((context) -> assertThat(context).hasNotFailed().doesNotHaveBean(PrometheusScrapeExtension.class));
	}

	@Test
	void endpointThatIsNotExposedStaysSo() {
		this.worker.withPropertyValues("management.endpoints.web.exposure.include=health")
			.run((context) -> assertThat(context).hasNotFailed().doesNotHaveBean(PrometheusScrapeExtension.class));
	}

	@Test
	void endpointWithoutAccessStaysSo() {
		this.worker.withPropertyValues("management.endpoint.prometheus.access=NONE")
			.run((context) -> assertThat(context).hasNotFailed().doesNotHaveBean(PrometheusScrapeExtension.class));
	}

	@Test
	void applicationWithoutPrometheusStarts() {
		for (String missing : List.of("io.micrometer.prometheusmetrics", "io.prometheus")) {
			this.worker.withClassLoader(new FilteredClassLoader(missing))
				.run((context) -> assertThat(context).hasNotFailed().doesNotHaveBean(ClusterPrometheusScrape.class));
		}
	}

	@Test
	void processThatIsNotClusteredAnswersAsItAlwaysDoes() {
		this.standalone
			.run((context) -> assertThat(context).hasNotFailed().doesNotHaveBean(PrometheusScrapeExtension.class));
	}

	@Test
	void theBeansOfTheApplicationWin() {
		PrometheusScrapeExtension own = mock(PrometheusScrapeExtension.class);
		this.worker.withBean("own", PrometheusScrapeExtension.class, () -> own)
			.run((context) -> assertThat(context).getBean(PrometheusScrapeExtension.class).isSameAs(own));
	}

	private static WebEndpointResponse<byte[]> scrape(PrometheusScrapeExtension extension) {
		return extension.scrape(PrometheusOutputFormat.CONTENT_TYPE_004, null, null, null);
	}

	@Configuration(proxyBeanMethods = false)
	@EnableConfigurationProperties(ClusterProperties.class)
	static class Properties {

	}

}
