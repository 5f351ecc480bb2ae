package io.github.bootcluster.process;

import org.jspecify.annotations.Nullable;

/**
 * A port that a process wanted to listen on although another one does.
 *
 * @param port the port, or 0 if the process has not told which
 * @param holder the process that listens on it, or 0 if that cannot be found out
 * @param name the name of that process, or {@code null}
 */
public record PortConflict(int port, long holder, @Nullable String name) {

}
