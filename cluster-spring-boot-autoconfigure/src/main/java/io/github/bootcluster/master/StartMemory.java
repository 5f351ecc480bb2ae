package io.github.bootcluster.master;

import java.lang.management.ManagementFactory;

import com.sun.management.HotSpotDiagnosticMXBean;
import com.sun.management.VMOption;
import io.github.bootcluster.process.HotSpotCommands;

/**
 * The memory that a master needs while it starts, when it loads classes and reads the
 * configuration, and not afterwards. A JVM keeps it for the garbage of an application, of
 * which a master makes next to none.
 */
final class StartMemory {

	private StartMemory() {
	}

	/**
	 * Gives it back to the system: the heap is collected once, and from now on keeps
	 * little more than what is in use. Options that the user has set stay as they are.
	 */
	static void giveBack() {
		HotSpotDiagnosticMXBean jvm = ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class);
		set(jvm, "MinHeapFreeRatio", "10");
		set(jvm, "MaxHeapFreeRatio", "20");
		System.gc();
		HotSpotCommands.trimNativeHeap();
	}

	private static void set(HotSpotDiagnosticMXBean jvm, String option, String value) {
		try {
			if (jvm.getVMOption(option).getOrigin() == VMOption.Origin.DEFAULT) {
				jvm.setVMOption(option, value);
			}
		}
		catch (RuntimeException ex) {
			// Another JVM, or another collector, knows no such option
		}
	}

}
