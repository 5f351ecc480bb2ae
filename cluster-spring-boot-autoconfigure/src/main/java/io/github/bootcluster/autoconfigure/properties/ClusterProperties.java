package io.github.bootcluster.autoconfigure.properties;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

import io.github.bootcluster.distribution.DistributionStrategy;
import io.github.bootcluster.process.WorkerOutput;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * Properties of the cluster.
 *
 * @param enabled Whether this process may become a cluster.
 * @param workers Number of workers, or 'auto' for one per available processor. With 0 the
 * process is not clustered.
 * @param distribution How connections are distributed over the workers.
 * @param pidFile File that holds the master's process id while it runs. Default is none.
 * @param proxyProtocol Whether a load balancer in front tells the client's address by the
 * PROXY protocol. Needs the library 'io.netty:netty-codec-haproxy'.
 * @param workDirectory Folder in which the master makes a private one for its sockets.
 * Default is the system's temporary folder.
 * @param worker Settings of the workers.
 * @param groups Further groups of workers of the same application by name, which consists
 * of letters, digits and '-'. Each has its own number of workers, and may have its own
 * profiles, arguments, environment and port.
 * @param respawn Settings for forking workers again that died.
 * @param restart Settings of rolling restarts.
 * @param drain Settings for workers that finish their connections.
 * @param resources Settings of what each worker gets of the host.
 * @param archive Settings of the archives of classes that workers start from.
 * @param warmup Settings for warming up a new worker.
 * @param ssl Settings of TLS servers.
 * @param metrics Settings of the meters of the cluster.
 * @param health Settings of the health of the cluster.
 */
@ConfigurationProperties("cluster")
public record ClusterProperties(@DefaultValue("true") boolean enabled, @DefaultValue("0") String workers,
		@DefaultValue("round-robin") DistributionStrategy distribution, @DefaultValue("false") boolean proxyProtocol,
		@Nullable Path pidFile, @Nullable Path workDirectory, @DefaultValue Worker worker,
		@DefaultValue Map<String, Group> groups, @DefaultValue Respawn respawn, @DefaultValue Restart restart,
		@DefaultValue Drain drain, @DefaultValue Resources resources, @DefaultValue Archive archive,
		@DefaultValue Warmup warmup, @DefaultValue Tls ssl, @DefaultValue Metrics metrics,
		@DefaultValue Health health) {

	/**
	 * Settings of the workers.
	 *
	 * @param jvmArgs JVM arguments of workers, added after those inherited from the
	 * master.
	 * @param inheritJvmArgs Whether workers inherit the JVM arguments of the master.
	 * @param jvmArgsExcluded What the JVM arguments begin with that workers do not
	 * inherit.
	 * @param args Program arguments of workers. Default is those of the master.
	 * @param env Environment variables of workers, added to those of the master.
	 * @param runAs Account that workers run as.
	 * @param addresses Addresses that workers of another user than the master's may have
	 * the master listen on, beside those of the servers that Spring Boot configures and
	 * those that the user could bind itself. Each is a port, a host and a port, or the
	 * path of a Unix socket.
	 * @param output Where the output of workers goes.
	 * @param outputDirectory Folder for the logs of workers, one a slot, with the output
	 * 'file'.
	 * @param startTimeout How long a worker may take from its fork until it accepts
	 * traffic.
	 * @param stopTimeout How long the application of a worker may take to stop once its
	 * connections are drained, before the worker is ended. Default is 5 seconds more than
	 * 'spring.lifecycle.timeout-per-shutdown-phase'.
	 * @param heartbeatTimeout How long an event loop of a worker may be blocked before
	 * the worker is replaced, at least 2 seconds. With 0 no worker is.
	 * @param maxConnections Number of open connections, over all its ports, with which a
	 * worker gets no further one. With 0 there is no limit.
	 * @param maxRequests Number of requests after which a worker is replaced; those below
	 * the management path do not count. With 0 no worker is.
	 * @param maxRequestsJitter Largest number by which the requests of a worker may
	 * exceed the maximum, drawn anew for each, so that not all are due at once.
	 * @param maxLifetime How long a worker may serve before it is replaced, at least 10
	 * seconds.
	 * @param maxMemory Resident memory above which a worker is replaced, at the earliest
	 * once it has served as long as a healthy one.
	 */
	public record Worker(@DefaultValue List<String> jvmArgs, @DefaultValue("true") boolean inheritJvmArgs,
			@DefaultValue List<String> jvmArgsExcluded, @Nullable List<String> args,
			@DefaultValue Map<String, String> env, @DefaultValue RunAs runAs, @DefaultValue List<String> addresses,
			@DefaultValue("prefix") WorkerOutput output, @DefaultValue("logs") Path outputDirectory,
			@DefaultValue("60s") Duration startTimeout, @Nullable Duration stopTimeout,
			@DefaultValue("30s") Duration heartbeatTimeout, @DefaultValue("0") int maxConnections,
			@DefaultValue("0") long maxRequests, @DefaultValue("0") long maxRequestsJitter,
			@Nullable Duration maxLifetime, @Nullable DataSize maxMemory) {

	}

	/**
	 * Settings of the account that workers run as.
	 *
	 * @param user Name or number of the user that workers run as. Default is that of the
	 * master, which has to be root to run them as another.
	 * @param group Name or number of the group that workers run as. Default is the
	 * primary one of the user.
	 */
	public record RunAs(@Nullable String user, @Nullable String group) {

	}

	/**
	 * Settings of a group of workers. Whatever it does not have is set for all workers.
	 *
	 * @param workers Number of workers of the group, or 'auto' for one per available
	 * processor.
	 * @param profiles Active profiles of the group's workers, instead of those of the
	 * master.
	 * @param port Port of the group's web server, 0 for any. Default is what the
	 * application is configured with, which no other group may listen on.
	 * @param args Program arguments of the group's workers. Default is those of all
	 * workers.
	 * @param env Environment variables of the group's workers, added to those of all
	 * workers.
	 * @param jvmArgs JVM arguments of the group's workers, added after those of all
	 * workers.
	 */
	public record Group(@DefaultValue("1") String workers, @DefaultValue List<String> profiles, @Nullable Integer port,
			@Nullable List<String> args, @DefaultValue Map<String, String> env, @DefaultValue List<String> jvmArgs) {

	}

	/**
	 * Settings for forking workers again that died.
	 *
	 * @param initialDelay Delay before a worker that died early is forked again.
	 * @param multiplier Factor by which the delay grows with every further early death in
	 * a row.
	 * @param maxDelay Longest delay.
	 * @param healthyAfter How long a worker must have accepted traffic for its death not
	 * to count as early.
	 * @param maxAttempts Number of early deaths in a row after which a slot is given up.
	 * @param exitWhenGivenUp Whether the master ends, with exit code 70, once all slots
	 * are given up.
	 */
	public record Respawn(@DefaultValue("1s") Duration initialDelay, @DefaultValue("1.5") double multiplier,
			@DefaultValue("30s") Duration maxDelay, @DefaultValue("30s") Duration healthyAfter,
			@DefaultValue("10") int maxAttempts, @DefaultValue("true") boolean exitWhenGivenUp) {

	}

	/**
	 * Settings of rolling restarts.
	 *
	 * @param surge Number of workers that are started before old ones are drained. With 0
	 * one is drained first.
	 * @param timeout How long a rolling restart may take before it is aborted. A group of
	 * workers that it has begun to replace gets the same time again to be finished; so
	 * does a rollback.
	 * @param soak How long the first worker of a new generation has to prove itself
	 * before the next one is replaced.
	 * @param exclusiveSlots Whether the old worker of a slot has ended before the next
	 * one starts.
	 * @param maxDraining Number of old workers that may still drain when the next one is
	 * replaced. Without it, half of the workers.
	 */
	public record Restart(@DefaultValue("1") int surge, @DefaultValue("5m") Duration timeout,
			@DefaultValue("0s") Duration soak, @DefaultValue("false") boolean exclusiveSlots,
			@Nullable Integer maxDraining) {

	}

	/**
	 * Settings for workers that finish their connections.
	 *
	 * @param timeout How long a draining worker may take before it is ended.
	 * @param migrateIdle Whether idle connections of a draining worker move to another
	 * one instead of being closed.
	 */
	public record Drain(@DefaultValue("30s") Duration timeout, @DefaultValue("true") boolean migrateIdle) {

	}

	/**
	 * Settings of what each worker gets of the host.
	 *
	 * @param divide Whether the processors and the memory of the host are divided among
	 * the workers. An option that workers are started with, such as '-Xmx', stays as it
	 * is.
	 */
	public record Resources(@DefaultValue("true") boolean divide) {

	}

	/**
	 * Settings of the archives of classes that workers start from.
	 *
	 * @param enabled Whether workers start from an archive of the classes that an earlier
	 * one has loaded.
	 * @param directory Folder in which applications are laid out for that, and archives
	 * kept over restarts. Default is 'cluster-spring-boot' in the user's folder for
	 * caches.
	 * @param maxSize Size of that folder above which what no master uses is dropped.
	 * @param trainingRun Whether the cluster ends as soon as it has started, and leaves
	 * the archive for later starts, as when an image is built.
	 */
	public record Archive(@DefaultValue("true") boolean enabled, @Nullable Path directory,
			@DefaultValue("1GB") DataSize maxSize, @DefaultValue("false") boolean trainingRun) {

	}

	/**
	 * Settings for warming up a new worker.
	 *
	 * @param paths Paths that a new worker requests from itself before it is ready, each
	 * with its query.
	 * @param requests How often each of these paths is requested, from 1 to 10000 times.
	 * @param ramp How long the share of connections grows that a new worker gets, from a
	 * tenth of that of the others to all of it.
	 */
	public record Warmup(@DefaultValue List<String> paths, @DefaultValue("100") int requests,
			@DefaultValue("0s") Duration ramp) {

	}

	/**
	 * Settings of TLS servers.
	 *
	 * @param shareSessionTickets Whether a client can resume a TLS session with any
	 * worker. Needs the library 'io.netty:netty-tcnative-boringssl-static'.
	 */
	public record Tls(@DefaultValue("true") boolean shareSessionTickets) {

	}

	/**
	 * Settings of the meters of the cluster.
	 *
	 * @param aggregate Whether any worker answers a scrape of Prometheus with the meters
	 * of the whole cluster.
	 * @param timeout How long such a scrape waits for a worker, from 100 milliseconds to
	 * 1 minute. Of one that takes longer it shows its last report.
	 * @param notSummed What the names of counters begin with that do not count what their
	 * own worker does, so that those of workers that have gone are not added to them.
	 */
	public record Metrics(@DefaultValue("true") boolean aggregate, @DefaultValue("1s") Duration timeout,
			@DefaultValue("postgres") List<String> notSummed) {

	}

	/**
	 * Settings of the health of the cluster.
	 *
	 * @param minReady Number of slots with a worker that is ready, from 1 to 1024, below
	 * which the health component 'clusterReadiness' is out of service. Default is no such
	 * component.
	 */
	public record Health(@Nullable Integer minReady) {

	}

}
