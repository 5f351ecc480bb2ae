package io.github.bootcluster.process;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The folders in which a system looks for its commands.
 */
final class SearchPath {

	private SearchPath() {
	}

	/**
	 * Finds a command on the path of this process.
	 */
	static Optional<Path> find(String command) {
		return find(command, System.getenv().getOrDefault("PATH", ""));
	}

	/**
	 * Finds a command.
	 * @param path absolute folders, as in the variable {@code PATH}; others are left out
	 */
	static Optional<Path> find(String command, String path) {
		return Stream.of(path.split(File.pathSeparator))
			.filter((folder) -> folder.startsWith("/"))
			.map((folder) -> Path.of(folder, command))
			.filter((file) -> Files.isRegularFile(file) && Files.isExecutable(file))
			.findFirst();
	}

}
