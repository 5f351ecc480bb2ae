package io.github.bootcluster.process;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;

/**
 * Divides what the host has among the workers of a cluster, each of which would otherwise
 * count on all of it. What an option says that a worker is started with stays as it is;
 * but a percentage of the memory that workers inherit is that of the whole cluster.
 * <p>
 * A worker gets its part of the processors, rounded up, and one event loop for each.
 * Reactor Netty starts at least four by default, which compete for the processors when
 * each worker has that many. The heaps of all workers, those that a restart starts
 * besides included, have three quarters of the memory at most.
 *
 * @param processors whether the processors are divided
 * @param eventLoops whether the event loops are
 * @param heap whether the memory is
 * @param percentage the percentage of the memory that the heaps of the whole cluster get,
 * empty if nobody has asked for one
 * @param surge how many workers more than wanted may run
 */
public record ResourceDivision(boolean processors, boolean eventLoops, boolean heap, OptionalDouble percentage,
		int surge) {

	static final String PROCESSORS = "-XX:ActiveProcessorCount=";

	static final String EVENT_LOOPS = "-Dreactor.netty.ioWorkerCount=";

	static final String MAX_HEAP = "-Xmx";

	private static final String PERCENTAGE = "-XX:MaxRAMPercentage=";

	/**
	 * Options by which a heap has a limit of its own.
	 */
	private static final List<String> LIMITS = List.of(MAX_HEAP, "-mx", "-XX:MaxHeapSize=", "-XX:MaxRAM=",
			"-XX:MaxRAMFraction=");

	/**
	 * What all heaps together may have of the memory.
	 */
	private static final double ALL_HEAPS = 0.75;

	/**
	 * What is left for the heap of the master, which needs a fraction of it.
	 */
	private static final long OF_MASTER = 64L << 20;

	/**
	 * Creates the division for workers that are started alike.
	 * @param command how they are started
	 * @param environment the variables that they have besides those of this process
	 * @param workersOwn the options in the command that no other process than workers is
	 * started with
	 * @param surge how many workers more than wanted may run
	 */
	public static ResourceDivision among(JvmCommand command, Map<String, String> environment, List<String> workersOwn,
			int surge) {
		List<String> options = JvmEnvironment.optionsOf(command, environment);
		return new ResourceDivision(true, true, !has(workersOwn, PERCENTAGE), percentage(options), surge)
			.without(options);
	}

	/**
	 * Returns the division for a worker that has further variables, whose options stay as
	 * they are, too.
	 */
	public ResourceDivision besides(Map<String, String> variables) {
		return without(JvmEnvironment.options(variables));
	}

	private ResourceDivision without(List<String> options) {
		boolean heapLeft = this.heap && LIMITS.stream().noneMatch((limit) -> has(options, limit));
		return new ResourceDivision(this.processors && !has(options, PROCESSORS),
				this.eventLoops && !has(options, EVENT_LOOPS), heapLeft,
				heapLeft ? this.percentage : OptionalDouble.empty(), this.surge);
	}

	private static boolean has(Collection<String> options, String beginning) {
		return options.stream().anyMatch((option) -> option.startsWith(beginning));
	}

	private static OptionalDouble percentage(List<String> options) {
		return options.stream()
			.filter((option) -> option.startsWith(PERCENTAGE))
			.mapToDouble((option) -> Double.parseDouble(option.substring(PERCENTAGE.length())))
			.reduce((first, last) -> last);
	}

	/**
	 * Returns what one of several workers gets.
	 * @param workers the wanted number of workers of all groups
	 */
	public WorkerShare share(HostResources host, int workers) {
		int part = Math.max(1, (host.processors() + workers - 1) / workers);
		return new WorkerShare((this.processors && part < host.processors()) ? part : 0, this.eventLoops ? part : 0,
				this.heap ? maxHeap(host, workers) : 0);
	}

	private long maxHeap(HostResources host, int workers) {
		double all = host.memory() * (this.percentage.isPresent() ? this.percentage.getAsDouble() / 100 : ALL_HEAPS);
		return Math.max(1L << 20, Math.min(host.maxHeap(), (long) (all - OF_MASTER) / (workers + this.surge)));
	}

}
