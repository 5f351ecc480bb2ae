package io.github.bootcluster.process;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * Finds out how the running JVM was started. Only {@code /proc} is exact:
 * {@link ProcessHandle} gives nothing for a long class path, {@code sun.java.command}
 * loses the quoting, and the JVM's input arguments repeat those of
 * {@code JAVA_TOOL_OPTIONS}.
 */
final class RunningJvm {

	private static final Path PROC = Path.of("/proc/self");

	private RunningJvm() {
	}

	static JvmCommand command() {
		String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
		JvmCommand exact = exact(java);
		return (exact != null) ? exact : fromMemory(java);
	}

	private static @Nullable JvmCommand exact(String java) {
		try {
			// Another launcher (jsvc, jpackage) has its own options: they don't parse
			if (!Files.readSymbolicLink(PROC.resolve("exe")).getFileName().toString().startsWith("java")) {
				return null;
			}
			byte[] commandLine = Files.readAllBytes(PROC.resolve("cmdline"));
			JvmCommand parsed = JvmCommand.parse(split(new String(commandLine, NativeCharset.get())));
			return new JvmCommand(java, parsed.jvmArguments(), parsed.main(), parsed.arguments());
		}
		catch (IOException | JvmCommandException ex) {
			return null;
		}
	}

	static List<String> split(String commandLine) {
		// Each argument ends with NUL; an empty last one must not get lost
		List<String> arguments = Arrays.asList(commandLine.split("\0", -1));
		return arguments.subList(0, Math.max(1, arguments.size() - 1));
	}

	private static JvmCommand fromMemory(String java) {
		List<String> inputArguments = new ArrayList<>(ManagementFactory.getRuntimeMXBean().getInputArguments());
		// A worker has these from its environment; an agent must not be loaded twice
		JvmEnvironment.options(System.getenv()).forEach(inputArguments::remove);
		return fromMemory(java, inputArguments, System.getProperty("java.class.path", ""),
				System.getProperty("sun.java.command", ""));
	}

	static JvmCommand fromMemory(String java, List<String> inputArguments, String classPath, String command) {
		if (command.isBlank()) {
			throw new JvmCommandException("neither /proc/self/cmdline nor the JVM names what was run");
		}
		List<String> jvmArguments = new ArrayList<>(inputArguments);
		boolean module = jvmArguments.removeIf((argument) -> argument.startsWith("-Djdk.module.main="));
		if (classPath.endsWith(".jar") && (command + " ").startsWith(classPath + " ")) {
			return new JvmCommand(java, jvmArguments, List.of("-jar", classPath),
					words(command.substring(classPath.length())));
		}
		if (!classPath.isEmpty()) {
			jvmArguments.addAll(List.of("-cp", classPath));
		}
		List<String> words = words(command);
		String main = words.get(0);
		return new JvmCommand(java, jvmArguments, module ? List.of("-m", main) : List.of(main),
				words.subList(1, words.size()));
	}

	private static List<String> words(String command) {
		return command.isBlank() ? List.of() : List.of(command.trim().split(" +"));
	}

}
