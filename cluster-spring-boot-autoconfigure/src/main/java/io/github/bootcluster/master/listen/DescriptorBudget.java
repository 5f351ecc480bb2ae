package io.github.bootcluster.master.listen;

import java.lang.management.ManagementFactory;

import com.sun.management.UnixOperatingSystemMXBean;

/**
 * Whether the master's file descriptors suffice for the wanted number of workers.
 *
 * @param limit how many files the master may have open
 */
public record DescriptorBudget(long limit) {

	/**
	 * What the JVM, the JAR and the listening sockets take, and connections on their way.
	 */
	private static final int BASE = 256;

	/**
	 * Control socket, hand-off sockets for two listeners, output, and another such set
	 * while the worker is being replaced.
	 */
	private static final int PER_WORKER = 8;

	/**
	 * Returns the budget of this process.
	 * @return the budget, without a limit where the system does not tell it
	 */
	public static DescriptorBudget ofThisProcess() {
		return new DescriptorBudget(
				(ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean system)
						? system.getMaxFileDescriptorCount() : Long.MAX_VALUE);
	}

	/**
	 * Sees to it that there can be so many workers.
	 * @throws TooFewDescriptorsException if there cannot
	 */
	public void check(int workers) {
		long needed = BASE + (long) PER_WORKER * workers;
		if (this.limit < needed) {
			throw new TooFewDescriptorsException(workers, this.limit, needed);
		}
	}

}
