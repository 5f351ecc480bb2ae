package io.github.bootcluster.master.supervise;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

import io.github.bootcluster.process.WorkerProcess;
import io.github.bootcluster.process.WorkerSignal;
import io.github.bootcluster.wire.TestControlConnection;

/**
 * Worker without a process, whose end and signals a test sees.
 */
final class FakeWorker implements WorkerProcess {

	private static final long FIRST_PID = 1000;

	private final int id;

	private final String group;

	private final int slot;

	private final int generation;

	private final CompletableFuture<Integer> exit = new CompletableFuture<>();

	private final List<String> signals = new ArrayList<>();

	private final TestControlConnection connection;

	private final Map<String, String> environment;

	private boolean online;

	private boolean deaf;

	private List<String> lastLines = List.of();

	private OptionalLong memory = OptionalLong.empty();

	private Duration processorTime = Duration.ZERO;

	private boolean killedForMemory;

	FakeWorker(int id, String group, int slot, int generation, Map<String, String> environment) {
		this.environment = environment;
		this.id = id;
		this.group = group;
		this.slot = slot;
		this.generation = generation;
		this.connection = new TestControlConnection(pid());
	}

	int id() {
		return this.id;
	}

	String group() {
		return this.group;
	}

	int slot() {
		return this.slot;
	}

	int generation() {
		return this.generation;
	}

	TestControlConnection connection() {
		return this.connection;
	}

	boolean isOnline() {
		return this.online;
	}

	void setOnline(boolean online) {
		this.online = online;
	}

	List<String> signals() {
		return this.signals;
	}

	void say(String... lines) {
		this.lastLines = List.of(lines);
	}

	void end(int exitCode) {
		this.exit.complete(exitCode);
	}

	@Override
	public long pid() {
		return FIRST_PID + this.id;
	}

	@Override
	public CompletionStage<Integer> onExit() {
		return this.exit.minimalCompletionStage();
	}

	@Override
	public void terminate() {
		this.signals.add("TERM");
	}

	@Override
	public void kill() {
		this.signals.add("KILL");
	}

	@Override
	public CompletionStage<Void> signal(WorkerSignal signal) {
		if (this.deaf) {
			return CompletableFuture.failedStage(new IOException("it is deaf"));
		}
		this.signals.add(signal.name());
		return CompletableFuture.completedFuture(null);
	}

	/**
	 * Lets every signal that is sent from now on by its name fail.
	 */
	void goDeaf() {
		this.deaf = true;
	}

	Map<String, String> environment() {
		return this.environment;
	}

	@Override
	public boolean isAlive() {
		return !this.exit.isDone();
	}

	void occupy(long memory) {
		this.memory = OptionalLong.of(memory);
	}

	void killForMemory() {
		this.killedForMemory = true;
		end(137);
	}

	@Override
	public OptionalLong residentMemory() {
		return this.memory;
	}

	/**
	 * Uses processor time.
	 * @param time how much
	 */
	void work(Duration time) {
		this.processorTime = this.processorTime.plus(time);
	}

	@Override
	public Optional<Duration> processorTime() {
		return Optional.of(this.processorTime);
	}

	@Override
	public boolean wasKilledForMemory() {
		return this.killedForMemory;
	}

	@Override
	public List<String> lastLines() {
		return this.lastLines;
	}

	@Override
	public String toString() {
		return "worker %d of %s in slot %d, generation %d".formatted(this.id, this.group, this.slot, this.generation);
	}

}
