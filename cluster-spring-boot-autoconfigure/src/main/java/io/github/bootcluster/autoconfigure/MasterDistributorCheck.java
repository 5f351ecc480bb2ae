package io.github.bootcluster.autoconfigure;

import java.util.List;

import io.github.bootcluster.distribution.ConnectionDistributor;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

import org.springframework.boot.context.event.ApplicationStartedEvent;
import org.springframework.context.ApplicationListener;

/**
 * Points out distributors that wait in a worker for connections that only a master hands
 * out.
 */
class MasterDistributorCheck implements ApplicationListener<ApplicationStartedEvent> {

	private static final Log logger = LogFactory.getLog(MasterDistributorCheck.class);

	@Override
	public void onApplicationEvent(ApplicationStartedEvent event) {
		List<String> names = List.of(event.getApplicationContext().getBeanNamesForType(ConnectionDistributor.class));
		if (!names.isEmpty()) {
			logger.warn(("ConnectionDistributor %s is a bean of a worker and distributes nothing: annotate its class "
					+ "with @ConditionalOnClusterRole(MASTER)")
				.formatted(names));
		}
	}

}
