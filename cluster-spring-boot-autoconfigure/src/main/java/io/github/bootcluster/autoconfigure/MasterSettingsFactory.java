package io.github.bootcluster.autoconfigure;

import java.time.Duration;

import io.github.bootcluster.master.MasterSettings;
import io.github.bootcluster.master.RespawnPolicy;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.core.env.Environment;

/**
 * Makes the master's settings out of properties, and tells what is wrong with them.
 */
final class MasterSettingsFactory {

	private static final Log logger = LogFactory.getLog(MasterSettingsFactory.class);

	private MasterSettingsFactory() {
	}

	static MasterSettings create(Environment environment) {
		ClusterProperties properties = Binder.get(environment).bindOrCreate("cluster", ClusterProperties.class);
		int processors = Runtime.getRuntime().availableProcessors();
		int workers = WorkerCount.parse(properties.workers(), processors);
		if (!WorkerCount.isSensible(workers, processors)) {
			logger.warn("cluster.workers is %d on %d processors: more than four per processor slow each other down"
				.formatted(workers, processors));
		}
		DescriptorBudget.check(workers);
		ClusterProperties.Respawn respawn = properties.respawn();
		ClusterProperties.Restart restart = properties.restart();
		if (respawn.multiplier() < 1 || Double.isNaN(respawn.multiplier())) {
			throw new InvalidClusterPropertyException("cluster.respawn.multiplier", respawn.multiplier(),
					"a number of at least 1");
		}
		return new MasterSettings(workers, positive("worker.start-timeout", properties.worker().startTimeout()),
				positive("drain.timeout", properties.drain().timeout()), positive("restart.timeout", restart.timeout()),
				range("restart.surge", restart.surge(), 0),
				new RespawnPolicy(positive("respawn.initial-delay", respawn.initialDelay()), respawn.multiplier(),
						positive("respawn.max-delay", respawn.maxDelay()),
						positive("respawn.healthy-after", respawn.healthyAfter()),
						range("respawn.max-attempts", respawn.maxAttempts(), 1)));
	}

	private static Duration positive(String name, Duration value) {
		if (value.isNegative() || value.isZero() || value.compareTo(Duration.ofDays(365)) > 0) {
			throw new InvalidClusterPropertyException("cluster." + name, value,
					"a duration above 0 and of at most 365 days, such as 30s");
		}
		return value;
	}

	private static int range(String name, int value, int least) {
		if (value < least || value > WorkerCount.MOST) {
			throw new InvalidClusterPropertyException("cluster." + name, value,
					"a whole number from %d to %d".formatted(least, WorkerCount.MOST));
		}
		return value;
	}

}
