package io.github.bootcluster.guide;

import java.util.List;

import io.github.bootcluster.ClusterRole;
import io.github.bootcluster.ConditionalOnClusterRole;
import io.github.bootcluster.distribution.ConnectionDistributor;

import org.springframework.stereotype.Component;

/**
 * A way to distribute connections of one's own.
 */
// tag::distributor[]
@Component
@ConditionalOnClusterRole(ClusterRole.MASTER)
class DistributorSnippet implements ConnectionDistributor {

	@Override
	public int choose(List<? extends Candidate> candidates, Connection connection) {
		int fewest = 0;
		for (int i = 1; i < candidates.size(); i++) {
			if (candidates.get(i).connections() < candidates.get(fewest).connections()) {
				fewest = i;
			}
		}
		return fewest;
	}

}
// end::distributor[]
