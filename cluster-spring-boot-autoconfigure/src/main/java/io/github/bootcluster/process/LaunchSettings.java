package io.github.bootcluster.process;

import java.io.OutputStream;
import java.nio.file.Path;
import java.util.function.BiPredicate;
import java.util.function.Consumer;

import org.jspecify.annotations.Nullable;

/**
 * What all processes that a launcher starts have in common.
 *
 * @param output where their output goes
 * @param logs the folder of their logs, used with {@link WorkerOutput#FILE} only
 * @param console where their lines go with {@link WorkerOutput#PREFIX}
 * @param plainLines is told the name of a worker and a line of it that is no JSON, and
 * returns whether it has written it, or {@code null} if lines with
 * {@link WorkerOutput#PREFIX} are led by the worker's name instead
 * @param problems is told when a log cannot be written, and when it can again
 * @param account makes them run as another account, or {@code null} for that of this
 * process
 */
public record LaunchSettings(WorkerOutput output, Path logs, OutputStream console,
		@Nullable BiPredicate<String, String> plainLines, Consumer<String> problems, @Nullable AccountSwitch account) {

	/**
	 * Creates settings for processes whose lines are led by their name.
	 */
	public LaunchSettings(WorkerOutput output, Path logs, OutputStream console, Consumer<String> problems,
			@Nullable AccountSwitch account) {
		this(output, logs, console, null, problems, account);
	}

}
