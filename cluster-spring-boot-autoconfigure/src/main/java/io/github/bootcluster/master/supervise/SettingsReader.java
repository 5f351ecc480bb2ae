package io.github.bootcluster.master.supervise;

import java.nio.file.Path;

import org.jspecify.annotations.Nullable;

/**
 * Reads the settings anew for each rolling restart.
 */
@FunctionalInterface
public interface SettingsReader {

	/**
	 * Reads the settings. It may take its time.
	 * @param jar the JAR of the new generation, or {@code null} if it runs from another
	 * class path
	 * @throws io.github.bootcluster.ClusterException if they are not allowed
	 */
	NewSettings read(@Nullable Path jar, Path folder);

}
