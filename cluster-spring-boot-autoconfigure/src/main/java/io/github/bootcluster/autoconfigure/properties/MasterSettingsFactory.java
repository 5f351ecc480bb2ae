package io.github.bootcluster.autoconfigure.properties;

import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.regex.Pattern;

import io.github.bootcluster.master.listen.DescriptorBudget;
import io.github.bootcluster.master.supervise.MasterSettings;
import io.github.bootcluster.master.supervise.RecyclePolicy;
import io.github.bootcluster.master.supervise.RespawnPolicy;
import io.github.bootcluster.master.supervise.RestartPolicy;
import io.github.bootcluster.master.supervise.WorkerGroup;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.convert.DurationStyle;
import org.springframework.core.env.Environment;
import org.springframework.util.ClassUtils;
import org.springframework.util.unit.DataSize;

/**
 * Makes the master's settings out of properties, and tells what is wrong with them.
 */
public final class MasterSettingsFactory {

	private static final Log logger = LogFactory.getLog(MasterSettingsFactory.class);

	/**
	 * What RFC 3986 lets a path and a query consist of.
	 */
	private static final Pattern PATH = Pattern.compile("/[A-Za-z0-9\\-._~!$&'()*+,;=:@/?%]*");

	private static final int MAX_WARMUP_REQUESTS = 10_000;

	private static final Pattern SMALL_NUMBER = Pattern.compile("[1-9][0-9]{0,2}");

	private static final int LARGEST_FACTOR = 1000;

	/**
	 * A worker takes some seconds to start.
	 */
	private static final Duration MIN_LIFETIME = Duration.ofSeconds(10);

	/**
	 * No JVM with an application in it gets along with less.
	 */
	private static final DataSize MIN_MEMORY = DataSize.ofMegabytes(32);

	private static final Duration LONGEST = Duration.ofDays(365);

	/**
	 * Workers beat once a second: in less time a healthy one might seem to hang.
	 */
	private static final Duration MIN_HEARTBEAT = Duration.ofSeconds(2);

	private static final Duration MIN_METRICS_TIMEOUT = Duration.ofMillis(100);

	private static final Duration MAX_METRICS_TIMEOUT = Duration.ofMinutes(1);

	private static final String PROXY_PROTOCOL_CODEC = "io.netty.handler.codec.haproxy.HAProxyMessageDecoder";

	private final Binder binder;

	private MasterSettingsFactory(Binder binder) {
		this.binder = binder;
	}

	/**
	 * Tells whatever is wrong, or unwise, before anything is started.
	 */
	public static void check(Environment environment) {
		MasterSettings settings = create(environment);
		int workers = settings.allWorkers();
		int processors = Runtime.getRuntime().availableProcessors();
		if (!WorkerCount.isSensible(workers, processors)) {
			logger.warn("%s %d on %d processors: more than four per processor slow each other down"
				.formatted(settings.groups().isEmpty() ? "cluster.workers is"
						: "cluster.workers and the workers of cluster.groups make", workers, processors));
		}
		warnOfMissingUnits(Binder.get(environment));
		if (settings.recycle().maxRequests() == 0 && settings.recycle().maxRequestsJitter() > 0) {
			logger.warn("cluster.worker.max-requests-jitter has no effect, as cluster.worker.max-requests is not set");
		}
	}

	/**
	 * Warns of durations without a unit, which Spring Boot takes for milliseconds.
	 */
	private static void warnOfMissingUnits(Binder binder) {
		for (String property : ClusterPropertyNames.durations()) {
			String value = binder.bind(property, String.class).orElse("");
			if (SMALL_NUMBER.matcher(value).matches()) {
				logger.warn("%s is %s, which means %s ms; did you mean %ss?".formatted(property, value, value, value));
			}
		}
	}

	public static MasterSettings create(Environment environment) {
		Binder binder = Binder.get(environment);
		ClusterProperties properties = binder.bindOrCreate("cluster", ClusterProperties.class);
		int workers = WorkerCount.parse(properties.workers(), Runtime.getRuntime().availableProcessors());
		MasterSettingsFactory factory = new MasterSettingsFactory(binder);
		List<WorkerGroup> groups = WorkerGroups.create(properties.groups(), Runtime.getRuntime().availableProcessors());
		DescriptorBudget descriptors = DescriptorBudget.ofThisProcess();
		ClusterProperties.Restart restart = properties.restart();
		ClusterProperties.Worker worker = properties.worker();
		WorkerAccounts.of(worker);
		WorkerVariables.check(properties);
		new WorkerArguments(binder).check(properties);
		factory.proxyProtocol(properties.proxyProtocol());
		factory.warmup(properties.warmup());
		factory.metrics(properties.metrics());
		Integer minReady = properties.health().minReady();
		if (minReady != null) {
			factory.range("health.min-ready", minReady, 1);
		}
		factory.archive(properties.archive());
		MasterSettings settings = new MasterSettings(workers, groups,
				factory.positive("worker.start-timeout", worker.startTimeout()),
				factory.heartbeat("worker.heartbeat-timeout", worker.heartbeatTimeout()),
				(int) factory.count("worker.max-connections", worker.maxConnections()),
				factory.positive("drain.timeout", properties.drain().timeout()),
				factory.positive("worker.stop-timeout", StopTimeout.of(binder, worker)),
				factory.respawn(properties.respawn()), factory.restart(restart), factory.recycle(worker), descriptors);
		if (settings.allWorkers() > WorkerCount.MAX) {
			throw new InvalidClusterPropertyException("cluster.groups",
					"%d workers with those of cluster.workers".formatted(settings.allWorkers()),
					"at most %d workers in all".formatted(WorkerCount.MAX));
		}
		descriptors.check(settings.allWorkers());
		return settings;
	}

	private RespawnPolicy respawn(ClusterProperties.Respawn respawn) {
		Duration initial = positive("respawn.initial-delay", respawn.initialDelay());
		Duration longest = positive("respawn.max-delay", respawn.maxDelay());
		// The default is as short as the longest delay
		if (initial.compareTo(longest) > 0
				&& this.binder.bind("cluster.respawn.initial-delay", String.class).isBound()) {
			throw refused("respawn.initial-delay", initial,
					"at most cluster.respawn.max-delay, which is %s".formatted(describe("respawn.max-delay", longest)));
		}
		return new RespawnPolicy(initial, factor("respawn.multiplier", respawn.multiplier()), longest,
				positive("respawn.healthy-after", respawn.healthyAfter()),
				range("respawn.max-attempts", respawn.maxAttempts(), 1), respawn.exitWhenGivenUp());
	}

	private RestartPolicy restart(ClusterProperties.Restart restart) {
		Duration timeout = positive("restart.timeout", restart.timeout());
		Duration soak = notNegative("restart.soak", restart.soak());
		if (soak.compareTo(timeout) >= 0) {
			throw refused("restart.soak", soak,
					"less than cluster.restart.timeout, which is " + describe("restart.timeout", timeout));
		}
		Integer draining = restart.maxDraining();
		return new RestartPolicy(timeout, range("restart.surge", restart.surge(), 0), soak, restart.exclusiveSlots(),
				(draining != null) ? range("restart.max-draining", draining, 1) : 0);
	}

	private RecyclePolicy recycle(ClusterProperties.Worker worker) {
		Duration lifetime = worker.maxLifetime();
		DataSize memory = worker.maxMemory();
		if (memory != null && memory.compareTo(MIN_MEMORY) < 0) {
			throw refused("worker.max-memory", memory, "a size of at least 32MB, such as 512MB");
		}
		if (lifetime != null && (lifetime.compareTo(MIN_LIFETIME) < 0 || lifetime.compareTo(LONGEST) > 0)) {
			throw refused("worker.max-lifetime", lifetime,
					"a duration of at least 10s and at most 365 days, such as 12h");
		}
		return new RecyclePolicy(count("worker.max-requests", worker.maxRequests()),
				count("worker.max-requests-jitter", worker.maxRequestsJitter()),
				(lifetime != null) ? lifetime : Duration.ZERO, (memory != null) ? memory.toBytes() : 0);
	}

	private Duration positive(String name, Duration value) {
		if (value.isNegative() || value.isZero() || value.compareTo(LONGEST) > 0) {
			throw refused(name, value, "a duration above 0 and of at most 365 days, such as 30s");
		}
		return value;
	}

	private Duration notNegative(String name, Duration value) {
		return value.isZero() ? value : positive(name, value);
	}

	private Duration heartbeat(String name, Duration value) {
		if (!value.isZero() && (value.compareTo(MIN_HEARTBEAT) < 0 || value.compareTo(LONGEST) > 0)) {
			throw refused(name, value,
					"a duration of at least 2s and at most 365 days, such as 30s, or 0 for no limit");
		}
		return value;
	}

	private void proxyProtocol(boolean value) {
		if (value && !ClassUtils.isPresent(PROXY_PROTOCOL_CODEC, null)) {
			throw refused("proxy-protocol", value,
					"false, or add the library 'io.netty:netty-codec-haproxy', by which workers read the header");
		}
	}

	private void archive(ClusterProperties.Archive archive) {
		if (archive.trainingRun() && !archive.enabled()) {
			throw refused("archive.training-run", true, "false where cluster.archive.enabled is false");
		}
	}

	private void warmup(ClusterProperties.Warmup warmup) {
		for (String path : warmup.paths()) {
			if (!PATH.matcher(path).matches()) {
				throw new InvalidClusterPropertyException("cluster.warmup.paths", path,
						"paths that begin with '/', with all characters encoded that a URL cannot have");
			}
		}
		if (warmup.requests() < 1 || warmup.requests() > MAX_WARMUP_REQUESTS) {
			throw refused("warmup.requests", warmup.requests(),
					"a whole number from 1 to %d".formatted(MAX_WARMUP_REQUESTS));
		}
		notNegative("warmup.ramp", warmup.ramp());
	}

	private void metrics(ClusterProperties.Metrics metrics) {
		Duration timeout = metrics.timeout();
		if (timeout.compareTo(MIN_METRICS_TIMEOUT) < 0 || timeout.compareTo(MAX_METRICS_TIMEOUT) > 0) {
			throw refused("metrics.timeout", timeout, "a duration of at least 100ms and at most 1m, such as 1s");
		}
	}

	private long count(String name, long value) {
		if (value < 0) {
			throw refused(name, value, "a whole number of at least 0");
		}
		return value;
	}

	private int range(String name, int value, int least) {
		if (value < least || value > WorkerCount.MAX) {
			throw refused(name, value, "a whole number from %d to %d".formatted(least, WorkerCount.MAX));
		}
		return value;
	}

	private double factor(String name, double value) {
		if (value < 1 || value > LARGEST_FACTOR || Double.isNaN(value)) {
			throw refused(name, value, "a number from 1 to " + LARGEST_FACTOR);
		}
		return value;
	}

	/**
	 * Refuses a value as it was written, which converted it may look different.
	 */
	private InvalidClusterPropertyException refused(String name, Object value, String allowed) {
		return new InvalidClusterPropertyException("cluster." + name, describe(name, value), allowed);
	}

	private String describe(String name, Object value) {
		return this.binder.bind("cluster." + name, String.class).orElseGet(() -> print(value));
	}

	private static String print(Object value) {
		return (value instanceof Duration duration) ? DurationStyle.SIMPLE.print(duration,
				(duration.toMillisPart() == 0) ? ChronoUnit.SECONDS : ChronoUnit.MILLIS) : value.toString();
	}

}
