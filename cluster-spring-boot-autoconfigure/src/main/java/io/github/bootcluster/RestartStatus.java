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
 * @param reason why it was aborted and what becomes of its rollback, or {@code null}
 * @param lastLines the last lines that the failed worker wrote, oldest first
 * @param pendingSettings the settings that have changed and take a new master
 */
public record RestartStatus(String id, RestartState state, int generation, int replaced, int total, Instant startedAt,
		@Nullable Instant endedAt, @Nullable String reason, List<String> lastLines,
		List<SettingChange> pendingSettings) {

	public RestartStatus {
		lastLines = List.copyOf(lastLines);
		pendingSettings = List.copyOf(pendingSettings);
	}

}
