package io.github.bootcluster.sample;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

import io.github.bootcluster.apps.helper.HelperApplication;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

/**
 * Promises on a master that is process 1 of a container, for which a namespace of its own
 * stands.
 */
class ProcessOneIT {

	private static final List<String> CONTAINER = List.of("unshare", "--pid", "--fork", "--kill-child", "--mount-proc");

	/**
	 * More than a master without the means leaves lying without a word.
	 */
	private static final int ORPHANS = 12;

	private static final int FIRST_TO_REAP = 22;

	@Test
	void orphansOfWorkersAreReapedAndWorkersStillHaveTheirExitCodes() throws Exception {
		try (ClusterProcess process = start("process-one-reaps",
				InstalledJdks.launcher(FIRST_TO_REAP, Integer.MAX_VALUE))) {
			long master = master(process);
			Path container = Path.of("/proc", Long.toString(master), "root", "proc");
			List<Long> orphans = leaveOrphans(process);
			assertThat(orphans).hasSize(ORPHANS);
			process.await("end of the orphans",
					() -> orphans.stream().noneMatch((pid) -> Files.exists(container.resolve(pid.toString()))));
			assertThat(process.output().linesMatching(" WARN .*zombies")).isEmpty();
			process.killHard(worker(master));
			process.awaitLine("^(?!worker).*was ended by signal 9 \\(KILL\\)");
			awaitAnswer(process);
			assertEndsInOrder(process, master);
		}
	}

	@Test
	void whereTheJdkCannotReapTheMasterNamesTheInitThatCan() throws Exception {
		try (ClusterProcess process = start("process-one-warns", InstalledJdks.launcher(17, FIRST_TO_REAP - 1))) {
			long master = master(process);
			leaveOrphans(process);
			process.awaitLine("^(?!worker).* WARN .*stay as zombies.* run it on JDK 22 or newer.*'docker run --init'");
			assertEndsInOrder(process, master);
			assertThat(process.output().linesMatching("stay as zombies")).hasSize(1);
		}
	}

	private static ClusterProcess start(String name, Optional<Path> java) throws Exception {
		assumeTrue(java.isPresent(), "No JDK of the release");
		assumeTrue(canContain(), "No namespaces of processes here");
		ClusterProcess process = ClusterProcess.named(name)
			.workersConfiguredElsewhere(1)
			.env("CLUSTER_WORKERS", "1")
			.launchedBy(CONTAINER.toArray(String[]::new))
			.java(java.get())
			.target(TestApplication.target(HelperApplication.class))
			.start();
		try {
			awaitAnswer(process);
			return process;
		}
		catch (Throwable ex) {
			try (process) {
				throw ex;
			}
		}
	}

	private static boolean canContain() throws InterruptedException {
		try {
			return new ProcessBuilder(Stream.concat(CONTAINER.stream(), Stream.of("true")).toList())
				.redirectErrorStream(true)
				.redirectOutput(ProcessBuilder.Redirect.DISCARD)
				.start()
				.waitFor() == 0;
		}
		catch (IOException ex) {
			return false;
		}
	}

	private static void awaitAnswer(ClusterProcess process) throws InterruptedException {
		process.port();
		process.await("an answer", () -> {
			try {
				return process.get("/").status() == 200;
			}
			catch (ExchangeFailedException ex) {
				return false;
			}
		});
	}

	private static List<Long> leaveOrphans(ClusterProcess process) throws Exception {
		String pids = process.post("/orphans?count=" + ORPHANS).text();
		return Stream.of(JsonMapper.shared().readValue(pids, Long[].class)).toList();
	}

	private static long master(ClusterProcess process) {
		Set<Long> children = process.workers();
		assertThat(children).hasSize(1);
		return children.iterator().next();
	}

	private static long worker(long master) {
		return ProcessHandle.of(master)
			.orElseThrow()
			.children()
			.filter((child) -> child.info().command().filter((command) -> command.endsWith("java")).isPresent())
			.findFirst()
			.orElseThrow()
			.pid();
	}

	private static void assertEndsInOrder(ClusterProcess process, long master) throws InterruptedException {
		process.signal("TERM", master);
		assertThat(process.exitCode()).isZero();
	}

}
