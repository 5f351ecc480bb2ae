package io.github.bootcluster.process;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletionStage;

import org.jspecify.annotations.Nullable;

/**
 * The process of a worker.
 */
public interface WorkerProcess {

	/**
	 * Returns the process id.
	 */
	long pid();

	/**
	 * Returns a stage that completes when the process has ended and its output was read
	 * to the end, but at most a second after its death: a process that the worker started
	 * may still hold the pipe. It completes on a thread of the JDK's that must not be
	 * blocked, and cannot be completed by others.
	 */
	CompletionStage<Integer> onExit();

	/**
	 * Takes note that the process runs its program: what it was to read before is
	 * deleted.
	 */
	default void online() {
	}

	/**
	 * Asks the process to end (SIGTERM); its output is still read. Has no effect on a
	 * process that has ended.
	 */
	void terminate();

	/**
	 * Ends the process at once (SIGKILL). Has no effect on a process that has ended.
	 */
	void kill();

	/**
	 * Sends the process a signal.
	 * @return a stage that completes once it is sent, or fails with an
	 * {@link java.io.IOException} that tells why it cannot be
	 */
	CompletionStage<Void> signal(WorkerSignal signal);

	/**
	 * Whether the process runs.
	 * @return {@code false} once it has ended
	 */
	boolean isAlive();

	/**
	 * Returns how much memory the process has resident.
	 * @return bytes, shared pages included, or empty if the process has ended or the
	 * system does not tell
	 */
	OptionalLong residentMemory();

	/**
	 * Returns how much processor time the process has used since its start.
	 * @return the time, or empty if the process has ended or the system does not tell
	 */
	Optional<Duration> processorTime();

	/**
	 * Tells whether the kernel has killed a process of this control group for want of
	 * memory, since this one was started, whose death is not explained by it yet. To be
	 * asked once, after a death by SIGKILL that nobody here has sent.
	 */
	boolean wasKilledForMemory();

	/**
	 * Tells whether the process has ended because a port was taken that it wanted to
	 * listen on.
	 * @return the conflict once {@link #onExit()} has completed, or {@code null} if there
	 * was none
	 */
	default @Nullable PortConflict portConflict() {
		return null;
	}

	/**
	 * Returns the last 50 lines of the output, each cut to 2,000 characters. After
	 * {@link #onExit()} they are what the process said at last.
	 * @return the lines, oldest first, without the worker's name; none if the output is
	 * inherited
	 */
	List<String> lastLines();

}
