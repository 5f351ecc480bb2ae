package io.github.bootcluster.process;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

/**
 * Promises on signals that come before a process knows what it is, with real JVMs.
 */
@Timeout(60)
class EarlySignalsTests {

	/**
	 * Runs a command where there is no shell.
	 */
	private static final List<String> WITHOUT_SHELL = List.of("unshare", "--user", "--map-root-user", "--mount",
			"/bin/sh", "-c", "mount --bind /dev/null \"$(readlink -f /bin/sh)\" && exec \"$0\" \"$@\"");

	@ParameterizedTest
	@CsvSource({ "TERM, 143", "INT, 130", "HUP, 129" })
	void signalThatCameEarlyEndsAnOrdinaryProcessAsAnyJvm(String signal, int exitCode) throws Exception {
		assertEnds(List.of(), signal, exitCode);
	}

	@ParameterizedTest
	@CsvSource({ "TERM, 143", "INT, 130", "HUP, 129" })
	void signalThatCameEarlyNeedsNoShell(String signal, int exitCode) throws Exception {
		assumeTrue(canGoWithoutShell(), "No mount namespaces here");
		assertEnds(WITHOUT_SHELL, signal, exitCode);
	}

	@Test
	void shellIsGoneWhereThisTestSaysSo() throws Exception {
		assumeTrue(canGoWithoutShell(), "No mount namespaces here");
		List<String> command = new ArrayList<>(WITHOUT_SHELL);
		command.addAll(List.of("/usr/bin/env", "/bin/sh", "-c", "exit 0"));
		assertThat(new ProcessBuilder(command).redirectErrorStream(true)
			.redirectOutput(ProcessBuilder.Redirect.DISCARD)
			.start()
			.waitFor()).isEqualTo(126);
	}

	private static boolean canGoWithoutShell() throws InterruptedException {
		List<String> command = new ArrayList<>(WITHOUT_SHELL);
		command.addAll(List.of("/usr/bin/env", "true"));
		try {
			return new ProcessBuilder(command).redirectErrorStream(true)
				.redirectOutput(ProcessBuilder.Redirect.DISCARD)
				.start()
				.waitFor() == 0;
		}
		catch (IOException ex) {
			return false;
		}
	}

	/**
	 * Tells whether this process ignores a signal, as one does that was started by nohup:
	 * its children do so as well.
	 * @param number the signal's number
	 * @return whether it is ignored
	 */
	private static boolean isIgnored(int number) throws IOException {
		return Files.readAllLines(Path.of("/proc/self/status"))
			.stream()
			.filter((line) -> line.startsWith("SigIgn:"))
			.mapToLong((line) -> Long.parseUnsignedLong(line.split("\\s+")[1], 16))
			.anyMatch((mask) -> (mask >> (number - 1) & 1) == 1);
	}

	private static void assertEnds(List<String> launcher, String signal, int exitCode) throws Exception {
		assumeFalse(isIgnored(exitCode - 128), "This process ignores " + signal + ", as under nohup");
		List<String> command = new ArrayList<>(launcher);
		command.addAll(List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-Xmx32m",
				"-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-cp", Path.of("target", "test-classes").toAbsolutePath()
						+ ":" + Path.of("target", "classes").toAbsolutePath(),
				ChildMain.class.getName(), "early-signal"));
		Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
		try (BufferedReader output = process.inputReader()) {
			assertThat(output.readLine()).isEqualTo("held");
			SignalSender.send(process.pid(), signal).toCompletableFuture().get(20, TimeUnit.SECONDS);
			assertThat(process.waitFor(30, TimeUnit.SECONDS)).as("end of the process").isTrue();
			assertThat(process.exitValue()).isEqualTo(exitCode);
			assertThat(output.readLine()).isEqualTo("farewell");
		}
		finally {
			process.destroyForcibly().waitFor();
		}
	}

}
