package io.github.bootcluster.actuate;

import java.nio.charset.StandardCharsets;
import java.util.Properties;
import java.util.Set;

import io.github.bootcluster.ClusterUnavailableException;
import io.github.bootcluster.metrics.prometheus.ClusterPrometheusScrape;
import io.prometheus.metrics.model.registry.MultiCollector;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.actuate.endpoint.annotation.ReadOperation;
import org.springframework.boot.actuate.endpoint.web.WebEndpointResponse;
import org.springframework.boot.actuate.endpoint.web.annotation.EndpointWebExtension;
import org.springframework.boot.micrometer.metrics.autoconfigure.export.prometheus.PrometheusOutputFormat;
import org.springframework.boot.micrometer.metrics.autoconfigure.export.prometheus.PrometheusScrapeEndpoint;

/**
 * Lets {@link PrometheusScrapeEndpoint} answer for the whole cluster, whichever worker is
 * asked.
 */
@EndpointWebExtension(endpoint = PrometheusScrapeEndpoint.class)
public class PrometheusScrapeExtension {

	private final ClusterPrometheusScrape cluster;

	private final Properties exporter;

	/**
	 * Creates an extension.
	 * @param cluster the meters of the cluster
	 * @param exporter the exporter's properties
	 */
	public PrometheusScrapeExtension(ClusterPrometheusScrape cluster, Properties exporter) {
		this.cluster = cluster;
		this.exporter = exporter;
	}

	/**
	 * Returns the meters of the cluster, or of a single worker.
	 * @param format the format to write them in
	 * @param includedNames names of the meters to show, or {@code null} for all
	 * @param worker the slot of the worker to show, or {@code null} for all
	 * @param group the group of the worker to show, or {@code null} for all
	 * @return the response, {@code 503} if the master does not answer
	 */
	@ReadOperation(producesFrom = PrometheusOutputFormat.class)
	public WebEndpointResponse<byte[]> scrape(PrometheusOutputFormat format, @Nullable Set<String> includedNames,
			@Nullable String worker, @Nullable String group) {
		MetricSnapshots meters;
		try {
			meters = this.cluster.collect(worker, group);
		}
		catch (ClusterUnavailableException ex) {
			return new WebEndpointResponse<>(String.valueOf(ex.getMessage()).getBytes(StandardCharsets.UTF_8),
					WebEndpointResponse.STATUS_SERVICE_UNAVAILABLE);
		}
		PrometheusRegistry registry = new PrometheusRegistry();
		registry.register((MultiCollector) () -> meters);
		return new PrometheusScrapeEndpoint(registry, this.exporter).scrape(format, includedNames);
	}

}
