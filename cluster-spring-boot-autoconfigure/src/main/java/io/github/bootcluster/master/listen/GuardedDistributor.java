package io.github.bootcluster.master.listen;

import java.util.List;

import io.github.bootcluster.distribution.ConnectionDistributor;
import io.github.bootcluster.distribution.DistributionStrategy;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

/**
 * Distributor that chooses even where the one that it asks fails to: that may be an
 * application's own. It says so the first time only, as there are many connections.
 */
final class GuardedDistributor implements ConnectionDistributor {

	private static final Log logger = LogFactory.getLog(GuardedDistributor.class);

	private final ConnectionDistributor delegate;

	private final ConnectionDistributor fallback = DistributionStrategy.ROUND_ROBIN.newDistributor();

	private boolean failed;

	GuardedDistributor(ConnectionDistributor delegate) {
		this.delegate = delegate;
	}

	@Override
	public int choose(List<? extends Candidate> candidates, Connection connection) {
		try {
			int index = this.delegate.choose(candidates, connection);
			if (index >= 0 && index < candidates.size()) {
				return index;
			}
			warn("it chose number %d of %d".formatted(index, candidates.size()), null);
		}
		catch (Throwable ex) {
			// Of whatever kind: an application's mistake must not cost the master its
			// loop
			warn("it threw " + ex, ex);
		}
		return this.fallback.choose(candidates, connection);
	}

	private void warn(String problem, @Nullable Throwable cause) {
		if (!this.failed) {
			this.failed = true;
			logger.warn("The distributor %s does not choose a worker, so that one gets the connection in turn: %s"
				.formatted(this.delegate.getClass().getName(), problem), cause);
		}
	}

}
