package io.github.bootcluster.process;

import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

import io.github.bootcluster.file.FileTree;

/**
 * A JVM that prepares something for workers and ends. It does not outlive the thread that
 * waits for it.
 */
final class JvmTool {

	private static final long TIMEOUT_SECONDS = 120;

	private JvmTool() {
	}

	/**
	 * Runs a command to its end.
	 * @param name the subject of a sentence on its failure
	 * @param variables those that it gets besides those of this process
	 * @param folder in whose parent its output lies meanwhile
	 * @throws IOException if it fails, or takes longer than two minutes
	 */
	static void run(String name, List<String> command, Map<String, String> variables, Path folder) throws IOException {
		Path output = Files.createTempFile(folder.getParent(), ".", ".log");
		try {
			ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true)
				.redirectOutput(Redirect.to(output.toFile()));
			JvmEnvironment.clean(builder.environment());
			builder.environment().putAll(variables);
			Process process = builder.start();
			try {
				process.getOutputStream().close();
				if (!process.waitFor(TIMEOUT_SECONDS, TimeUnit.SECONDS)) {
					throw new IOException("%s did not end within %d s".formatted(name, TIMEOUT_SECONDS));
				}
			}
			finally {
				// Nobody else would end it, and it must write nothing more
				process.destroyForcibly().onExit().join();
			}
			if (process.exitValue() != 0) {
				throw new IOException("%s failed (exit code %d): %s".formatted(name, process.exitValue(),
						Files.readString(output, StandardCharsets.UTF_8).strip()));
			}
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new IOException("the attempt was interrupted", ex);
		}
		finally {
			FileTree.delete(output);
		}
	}

}
