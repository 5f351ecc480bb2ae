package io.github.bootcluster.process;

import java.lang.management.ManagementFactory;

import com.sun.management.HotSpotDiagnosticMXBean;
import com.sun.management.OperatingSystemMXBean;

/**
 * What the machine, or the container, has for the JVMs of a cluster.
 *
 * @param processors the processors that this JVM may use
 * @param memory the physical memory, or the limit of the control group, in bytes
 * @param maxHeap the largest heap that this JVM may have, which one process alone would
 * have, too, in bytes
 */
public record HostResources(int processors, long memory, long maxHeap) {

	/**
	 * Returns what this JVM has been given. It may change while the JVM runs.
	 */
	public static HostResources ofThisProcess() {
		OperatingSystemMXBean system = ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);
		return new HostResources(Runtime.getRuntime().availableProcessors(), system.getTotalMemorySize(), ownMaxHeap());
	}

	private static long ownMaxHeap() {
		try {
			return Long.parseLong(ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class)
				.getVMOption("MaxHeapSize")
				.getValue());
		}
		catch (RuntimeException ex) {
			// Not HotSpot; this leaves out what some collectors never fill
			return Runtime.getRuntime().maxMemory();
		}
	}

}
