package io.github.bootcluster.process;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;

/**
 * A forked process. Signals go through its {@link ProcessHandle}, because
 * {@link Process#destroy()} also closes the pipe: a worker that reports while it drains
 * would be broken off, and its last lines lost.
 */
final class DefaultWorkerProcess implements WorkerProcess {

	private static final Path PROC = Path.of("/proc");

	/**
	 * Exit codes of processes that somebody has ended, by KILL and TERM. One that its own
	 * JVM has aborted, for an agent that cannot be loaded, has another.
	 */
	private static final Set<Integer> ENDED_BY_OTHERS = Set.of(137, 143);

	private static final long OUTPUT_TIMEOUT_SECONDS = 1;

	private final Process process;

	private final ProcessOutput output;

	private final Runnable online;

	private final CompletionStage<Integer> exit;

	private final BooleanSupplier killedForMemory;

	private final List<String> options;

	private volatile @Nullable PortConflict conflict;

	DefaultWorkerProcess(Process process, ProcessOutput output, WorkerSession session, Runnable online,
			BooleanSupplier killedForMemory, List<String> options) {
		this.process = process;
		this.online = online;
		this.output = output;
		this.killedForMemory = killedForMemory;
		this.options = List.copyOf(options);
		this.exit = process.onExit().thenCompose((exited) -> {
			session.end(exited.pid());
			return output.finished().completeOnTimeout(null, OUTPUT_TIMEOUT_SECONDS, TimeUnit.SECONDS);
		}).thenApply((finished) -> ended()).minimalCompletionStage();
	}

	private int ended() {
		int code = this.process.exitValue();
		if (code != 0 && !ENDED_BY_OTHERS.contains(code)) {
			List<Long> first = Stream.concat(Stream.of(ProcessHandle.current()), ProcessHandle.current().children())
				.map(ProcessHandle::pid)
				.toList();
			this.conflict = new PortConflicts(PROC).find(this.output.lastLines(), this.options, first);
		}
		return code;
	}

	@Override
	public @Nullable PortConflict portConflict() {
		return this.conflict;
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
	public void online() {
		this.online.run();
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
		return this.killedForMemory.getAsBoolean();
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
