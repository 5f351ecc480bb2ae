package io.github.bootcluster.autoconfigure;

import java.lang.management.ManagementFactory;

import com.sun.management.UnixOperatingSystemMXBean;

/**
 * Whether the master's file descriptors suffice for the wanted number of workers.
 */
final class DescriptorBudget {

	/**
	 * What the JVM, the JAR and the listening sockets take, and connections on their way.
	 */
	private static final int BASE = 256;

	/**
	 * Control socket, hand-off sockets for two listeners, output, and another such set
	 * while the worker is being replaced.
	 */
	private static final int PER_WORKER = 8;

	private DescriptorBudget() {
	}

	static void check(int workers) {
		if (ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean system) {
			check(workers, system.getMaxFileDescriptorCount());
		}
	}

	static void check(int workers, long limit) {
		long needed = BASE + (long) PER_WORKER * workers;
		if (limit < needed) {
			throw new TooFewDescriptorsException(workers, limit, needed);
		}
	}

}
