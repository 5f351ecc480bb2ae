package io.github.bootcluster.process;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;

import javax.management.JMException;
import javax.management.MBeanServer;
import javax.management.ObjectName;

import com.sun.management.HotSpotDiagnosticMXBean;

/**
 * Commands to the JVM that runs this process, which a user would give by {@code jcmd}.
 * Another JVM, or an older one, does not know them: then nothing happens.
 */
public final class HotSpotCommands {

	private static final String COMMANDS = "com.sun.management:type=DiagnosticCommand";

	/**
	 * The first that matches counts. Digests of files are worth it: they have code of
	 * their own in the optimizing compiler, which is ten times as fast.
	 */
	private static final String DIRECTIVES = """
			[{ match: "sun/security/provider/*.*", c2: { Exclude: false } },
			{ match: "*.*", c2: { Exclude: true } }]
			""";

	private HotSpotCommands() {
	}

	/**
	 * Has methods compiled by the first compiler (C1) only, from now on. The optimizing
	 * one takes about a third of a start's processor time, and keeps memory.
	 */
	public static void excludeOptimizingCompiler() {
		if (!hasFirstCompiler()) {
			return;
		}
		try {
			MBeanServer beans = ManagementFactory.getPlatformMBeanServer();
			Path file = Files.createTempFile("cluster-compiler-", ".json");
			try {
				// This process may end right now
				file.toFile().deleteOnExit();
				Files.writeString(file, DIRECTIVES);
				beans.invoke(new ObjectName(COMMANDS), "compilerDirectivesAdd",
						new Object[] { new String[] { file.toString() } }, new String[] { String[].class.getName() });
			}
			finally {
				Files.deleteIfExists(file);
			}
		}
		catch (IOException | JMException | RuntimeException ex) {
			// This process ends, or has no place for the file: the JVM compiles as usual
		}
	}

	/**
	 * Without the first compiler, what the optimizing one leaves out would be interpreted
	 * for ever.
	 */
	private static boolean hasFirstCompiler() {
		try {
			HotSpotDiagnosticMXBean jvm = ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class);
			return jvm.getVMOption("TieredCompilation").getValue().equals("true")
					&& jvm.getVMOption("CompilationMode").getValue().equals("default");
		}
		catch (RuntimeException ex) {
			// Another JVM
			return false;
		}
	}

	/**
	 * Gives memory that the JVM's own parts have freed back to the system.
	 */
	public static void trimNativeHeap() {
		try {
			ManagementFactory.getPlatformMBeanServer()
				.invoke(new ObjectName(COMMANDS), "systemTrimNativeHeap", new Object[0], new String[0]);
		}
		catch (JMException | RuntimeException ex) {
			// It stays as it is
		}
	}

}
