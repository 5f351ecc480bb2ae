package io.github.bootcluster.process;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;

import javax.management.JMException;
import javax.management.MBeanServer;
import javax.management.ObjectName;

/**
 * Commands to the JVM that runs this process, which a user would give by {@code jcmd}.
 * Another JVM, or an older one, does not know them: then nothing happens.
 */
public final class HotSpotCommands {

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
		try {
			Path file = Files.createTempFile("cluster-compiler-", ".json");
			try {
				Files.writeString(file, DIRECTIVES);
				execute("compilerDirectivesAdd", file.toString());
			}
			finally {
				Files.delete(file);
			}
		}
		catch (IOException ex) {
			// No place for a file of a few bytes: the JVM compiles as any other
		}
	}

	/**
	 * Gives memory that the JVM's own parts have freed back to the system.
	 */
	public static void trimNativeHeap() {
		execute("systemTrimNativeHeap");
	}

	private static void execute(String operation, String... arguments) {
		try {
			MBeanServer beans = ManagementFactory.getPlatformMBeanServer();
			ObjectName name = new ObjectName("com.sun.management:type=DiagnosticCommand");
			boolean takes = arguments.length > 0;
			beans.invoke(name, operation, takes ? new Object[] { arguments } : new Object[0],
					takes ? new String[] { String[].class.getName() } : new String[0]);
		}
		catch (JMException | RuntimeException ex) {
			// Not HotSpot, or not one that knows the command
		}
	}

}
