package io.github.bootcluster.process;

import java.io.OutputStream;
import java.nio.file.Path;
import java.util.function.Consumer;

import org.jspecify.annotations.Nullable;

/**
 * What all processes that a launcher starts have in common.
 *
 * @param output where their output goes
 * @param logs the folder of their logs, used with {@link WorkerOutput#FILE} only
 * @param console where their lines go with {@link WorkerOutput#PREFIX}
 * @param problems is told when a log cannot be written, and when it can again
 * @param account makes them run as another account, or {@code null} for that of this
 * process
 */
public record LaunchSettings(WorkerOutput output, Path logs, OutputStream console, Consumer<String> problems,
		@Nullable AccountSwitch account) {

}
