package io.github.bootcluster.sample;

import java.util.Optional;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * A rolling restart that was asked for over HTTP.
 *
 * @param process the cluster
 * @param id the restart's id
 * @param generation the generation that it is to bring
 */
record Restart(ClusterProcess process, String id, int generation) {

	static Restart begin(ClusterProcess process) throws ExchangeFailedException {
		HttpAnswer answer = process.restart();
		if (answer.status() != 202) {
			throw new AssertionError("Status " + answer.status() + ": " + answer.text());
		}
		JsonNode accepted = JsonMapper.shared().readTree(answer.text());
		return new Restart(process, accepted.get("id").asString(), accepted.get("generation").asInt());
	}

	/**
	 * Waits until a worker of the new generation is forked.
	 * @return the event that tells of it
	 */
	LoggedEvent awaitFork() {
		this.process.await("a worker of generation " + this.generation, () -> forked().isPresent());
		return forked().orElseThrow();
	}

	private Optional<LoggedEvent> forked() {
		return LoggedEvent.of(this.process)
			.stream()
			.filter((event) -> event.name().equals("WorkerForked") && event.generation() == this.generation)
			.findFirst();
	}

	LoggedEvent awaitCompleted() throws InterruptedException {
		return await("RollingRestartCompleted");
	}

	LoggedEvent awaitAborted() throws InterruptedException {
		return await("RollingRestartAborted");
	}

	private LoggedEvent await(String name) throws InterruptedException {
		this.process.awaitLine("RollingRestart(Completed|Aborted)Event: .*id=" + this.id);
		return LoggedEvent.of(this.process)
			.stream()
			.filter((event) -> event.name().equals(name) && event.field("id").equals(this.id))
			.findFirst()
			.orElseThrow(() -> new AssertionError("Not " + name + ". " + this.process.output().tail()));
	}

}
