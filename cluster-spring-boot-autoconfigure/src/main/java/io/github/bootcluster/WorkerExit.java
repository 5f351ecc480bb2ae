package io.github.bootcluster;

import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * How a worker ended.
 *
 * @param kind what ended it
 * @param exitCode the exit code of the process, 128 plus the signal's number after a
 * signal
 * @param signal the number of the signal that ended the process, or {@code null}
 * @param voluntary whether the master had asked the worker to end
 * @param reason a short sentence fit for a log line
 * @param crashReport the path of the file in which the JVM told of its crash, or
 * {@code null} if it named none
 * @param lastLines the last lines that the worker wrote, oldest first
 */
public record WorkerExit(ExitKind kind, int exitCode, @Nullable Integer signal, boolean voluntary, String reason,
		@Nullable String crashReport, List<String> lastLines) {

	public WorkerExit {
		lastLines = List.copyOf(lastLines);
	}

}
