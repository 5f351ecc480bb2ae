package io.github.bootcluster.sample;

import io.github.bootcluster.ClusterRole;

import org.springframework.core.env.Environment;
import org.springframework.stereotype.Component;

/**
 * Stands for a data source, a scheduler, a consumer: what lives in the workers and would
 * do harm in the master.
 */
@Component
class OrdinaryBean {

	OrdinaryBean(Environment environment, SampleProperties properties) throws InterruptedException {
		if (ClusterRole.of(environment) == ClusterRole.MASTER) {
			throw new IllegalStateException("An ordinary bean was created in the master");
		}
		Thread.sleep(properties.startDelay().toMillis());
		if (properties.failOnStart()) {
			throw new IllegalStateException("The start fails because sample.fail-on-start is set");
		}
	}

}
