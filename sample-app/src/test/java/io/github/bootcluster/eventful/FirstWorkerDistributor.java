package io.github.bootcluster.eventful;

import java.util.List;

import io.github.bootcluster.ClusterRole;
import io.github.bootcluster.ConditionalOnClusterRole;
import io.github.bootcluster.distribution.ConnectionDistributor;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

import org.springframework.stereotype.Component;

/**
 * Distributor of the application's own, which does its duty once and fails ever after.
 */
@Component
@ConditionalOnClusterRole(ClusterRole.MASTER)
class FirstWorkerDistributor implements ConnectionDistributor {

	private static final Log logger = LogFactory.getLog(FirstWorkerDistributor.class);

	private boolean asked;

	@Override
	public int choose(List<? extends Candidate> candidates, Connection connection) {
		if (this.asked) {
			throw new IllegalStateException("Failing to choose");
		}
		this.asked = true;
		logger.info(
				"The first of %d workers gets the connection of %s".formatted(candidates.size(), connection.client()));
		return 0;
	}

}
