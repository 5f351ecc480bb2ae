package io.github.bootcluster.process;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;

/**
 * A forked process. Signals go through its {@link ProcessHandle}, because
 * {@link Process#destroy()} also closes the pipe: a worker that reports while it drains
 * would be broken off, and its last lines lost.
 */
final class DefaultWorkerProcess implements WorkerProcess {

	private static final long OUTPUT_TIMEOUT_SECONDS = 1;

	private final Process process;

	private final ProcessOutput output;

	private final CompletionStage<Integer> exit;

	private final OutOfMemoryKills kills;

	private final long killsAtStart;

	DefaultWorkerProcess(Process process, ProcessOutput output, WorkerSession session, OutOfMemoryKills kills,
			long killsAtStart) {
		this.process = process;
		this.output = output;
		this.kills = kills;
		this.killsAtStart = killsAtStart;
		this.exit = process.onExit().thenCompose((exited) -> {
			session.end(exited.pid());
			return output.finished().completeOnTimeout(null, OUTPUT_TIMEOUT_SECONDS, TimeUnit.SECONDS);
		}).thenApply((finished) -> process.exitValue()).minimalCompletionStage();
	}

	@Override
	public long pid() {
		return this.process.pid();
	}

	@Override
	public CompletionStage<Integer> onExit() {
		return this.exit;
	}

	@Override
	public void terminate() {
		this.process.toHandle().destroy();
	}

	@Override
	public void kill() {
		this.process.toHandle().destroyForcibly();
	}

	@Override
	public CompletionStage<Void> signal(WorkerSignal signal) {
		switch (signal) {
			case TERM -> terminate();
			case KILL -> kill();
			default -> {
				return this.process.isAlive() ? SignalSender.send(pid(), signal)
						: CompletableFuture.failedStage(new IOException("the process has ended"));
			}
		}
		return CompletableFuture.completedStage(null);
	}

	@Override
	public boolean isAlive() {
		return this.process.isAlive();
	}

	@Override
	public OptionalLong residentMemory() {
		return this.process.isAlive() ? ResidentMemory.of(pid()) : OptionalLong.empty();
	}

	@Override
	public Optional<Duration> processorTime() {
		return this.process.info().totalCpuDuration();
	}

	@Override
	public boolean wasKilledForMemory() {
		return this.kills.explain(this.killsAtStart);
	}

	@Override
	public List<String> lastLines() {
		return this.output.lastLines();
	}

	@Override
	public String toString() {
		return this.process.toString();
	}

}
