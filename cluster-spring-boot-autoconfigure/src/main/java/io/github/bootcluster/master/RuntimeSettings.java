package io.github.bootcluster.master;

import java.nio.file.Path;
import java.util.Map;

import io.github.bootcluster.master.listen.DistributionSettings;
import io.github.bootcluster.master.supervise.MasterSettings;
import io.github.bootcluster.master.supervise.WorkerTemplate;
import io.github.bootcluster.process.ArchiveCache;
import io.github.bootcluster.process.LaunchSettings;
import org.jspecify.annotations.Nullable;

/**
 * What a master runs by, as it was configured.
 *
 * @param cluster what the supervision goes by
 * @param templates what to start workers with, by group
 * @param launch how processes are started
 * @param distribution who gets which connection
 * @param files what it puts into files, and where
 */
public record RuntimeSettings(MasterSettings cluster, Map<String, WorkerTemplate> templates, LaunchSettings launch,
		DistributionSettings distribution, Files files) {

	public RuntimeSettings {
		templates = Map.copyOf(templates);
	}

	/**
	 * What a master puts into files.
	 *
	 * @param workDirectory where to put the sockets, or {@code null} for a temporary
	 * folder
	 * @param pidFile where to put the process id while the master runs, or {@code null}
	 * @param archives where the application is laid out for a fast start, or {@code null}
	 * for nowhere
	 * @param trainingRun whether the master ends as soon as the cluster has started
	 */
	public record Files(@Nullable Path workDirectory, @Nullable Path pidFile, @Nullable ArchiveCache archives,
			boolean trainingRun) {

	}

}
