package io.github.bootcluster.actuate;

import java.time.Instant;
import java.util.List;

import io.github.bootcluster.RestartState;
import io.github.bootcluster.RestartStatus;
import io.github.bootcluster.SettingChange;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.actuate.endpoint.OperationResponseBody;

/**
 * Body that describes a rolling restart.
 *
 * @param id the operation's id
 * @param state the state
 * @param generation the generation that the restart brings up
 * @param replaced how many workers have been replaced
 * @param total how many workers there are to replace
 * @param startedAt when it began
 * @param endedAt when it ended, or {@code null} while it runs
 * @param reason why it was aborted or, if it is complete, which new settings take a new
 * master; {@code null} if there is nothing to tell
 * @param lastLines the last lines that the failed worker wrote, oldest first
 * @param pendingSettings the settings that have changed and take a new master
 */
record RestartDescriptor(String id, RestartState state, int generation, int replaced, int total, Instant startedAt,
		@Nullable Instant endedAt, @Nullable String reason, List<String> lastLines,
		List<SettingChange> pendingSettings) implements OperationResponseBody {

	static RestartDescriptor of(RestartStatus status) {
		return new RestartDescriptor(status.id(), status.state(), status.generation(), status.replaced(),
				status.total(), status.startedAt(), status.endedAt(), status.reason(), status.lastLines(),
				status.pendingSettings());
	}

}
