package io.github.bootcluster;

import java.time.Instant;
import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * A rolling restart as the master saw it at one moment.
 *
 * @param id the operation's id
 * @param state the state
 * @param generation the generation that the restart brings up
 * @param replaced how many workers have been replaced
 * @param total how many workers there are to replace
 * @param startedAt when it began
 * @param endedAt when it ended, or {@code null} while it runs
 * @param reason why it was aborted and what becomes of its rollback or, if it is
 * complete, which new settings take a new master; {@code null} if there is nothing to
 * tell
 * @param lastLines the last lines that the failed worker wrote, oldest first
 */
public record RestartStatus(String id, RestartState state, int generation, int replaced, int total, Instant startedAt,
		@Nullable Instant endedAt, @Nullable String reason, List<String> lastLines) {

	public RestartStatus {
		lastLines = List.copyOf(lastLines);
	}

}
