package io.github.bootcluster;

import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * How a worker ended.
 *
 * @param exitCode the exit code of the process, 128 plus the signal's number after a
 * signal
 * @param signal the number of the signal that ended the process, or {@code null}
 * @param voluntary whether the master had asked the worker to end
 * @param reason a short sentence fit for a log line
 * @param lastLines the last lines that the worker wrote, oldest first
 */
public record WorkerExit(int exitCode, @Nullable Integer signal, boolean voluntary, String reason,
		List<String> lastLines) {

	public WorkerExit {
		lastLines = List.copyOf(lastLines);
	}

}
