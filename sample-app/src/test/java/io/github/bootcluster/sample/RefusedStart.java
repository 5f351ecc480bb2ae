package io.github.bootcluster.sample;

import java.io.IOException;
import java.time.Duration;
import java.util.List;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What the user of a start that fails gets to see, and what is left of it.
 */
final class RefusedStart {

	private static final Duration OUTPUT_LIMIT = Duration.ofSeconds(10);

	private static final String STACK_TRACE = "^(worker-\\d+ \\| )?\\s+at [\\w.$/]+\\(";

	private static final String WORKER_PREFIX = "worker-1 | ";

	private RefusedStart() {
	}

	/**
	 * Asserts that the process ends with one failure analysis.
	 * @param process the process
	 * @param description what the analysis says
	 * @param action what it advises
	 */
	static void assertExplained(ClusterProcess process, String description, String action)
			throws IOException, InterruptedException {
		awaitEnd(process);
		assertThat(process.output().linesMatching("APPLICATION FAILED TO START")).hasSize(1);
		assertAnalysis(process.output().lines(), description, action);
	}

	/**
	 * Asserts that the first worker ends with a failure analysis, and that the master
	 * points at it with its last words.
	 * @param process the master
	 * @param description what the worker's analysis says
	 * @param action what it advises
	 */
	static void assertExplainedByWorker(ClusterProcess process, String description, String action)
			throws IOException, InterruptedException {
		assertExplainedByWorker(process, description, action, "exited with code 1");
	}

	/**
	 * Asserts that the first worker ends with a failure analysis, and that the master
	 * points at it with its last words.
	 * @param process the master
	 * @param description what the worker's analysis says
	 * @param action what it advises
	 * @param reason how the master describes the worker's end
	 */
	static void assertExplainedByWorker(ClusterProcess process, String description, String action, String reason)
			throws IOException, InterruptedException {
		awaitEnd(process);
		assertThat(process.output().linesMatching("was forked")).as("attempts").hasSize(1);
		assertThat(process.output().linesMatching("APPLICATION FAILED TO START")).hasSize(2);
		List<String> lines = process.output().lines();
		assertAnalysis(lines.stream()
			.filter((line) -> line.startsWith(WORKER_PREFIX))
			.map((line) -> line.substring(WORKER_PREFIX.length()))
			.toList(), description, action);
		int end = lines.lastIndexOf(WORKER_PREFIX + action);
		assertAnalysis(lines.subList(end, lines.size()),
				"The first worker of the cluster did not become ready: %s.".formatted(reason),
				"Look at what the worker wrote, above. With cluster.enabled=false the application starts without a cluster.");
	}

	private static void awaitEnd(ClusterProcess process) throws IOException, InterruptedException {
		assertThat(process.exitCode()).as(process.output().tail()).isOne();
		assertThat(process.output().awaitEnd(OUTPUT_LIMIT)).as("end of the output").isTrue();
		assertThat(process.output().linesMatching(STACK_TRACE)).as("stack trace").isEmpty();
		assertThat(process.processes()).as("processes left").isEmpty();
		assertThat(process.leftovers()).as("files left").isEmpty();
	}

	private static void assertAnalysis(List<String> lines, String description, String action) {
		assertThat(String.join("\n", lines)).containsSubsequence("APPLICATION FAILED TO START",
				"Description:\n\n" + description + "\n", "Action:\n\n" + action + "\n");
	}

}
