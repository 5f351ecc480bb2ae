package io.github.bootcluster.process;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

import org.jspecify.annotations.Nullable;

/**
 * The folder that this process was started in, by the name that its user gave it: behind
 * a symbolic link, such as {@code current -> releases/7}, the kernel only knows the
 * folder that the link led to. The shell tells the name by {@code PWD}, which is believed
 * if it leads to the same folder. A relative path means, after the link was changed, what
 * it would mean to a process that is started then.
 */
public final class WorkingDirectory {

	private static final Path KERNELS = Path.of("/proc/self/cwd");

	private final Path named;

	private WorkingDirectory(Path named) {
		this.named = named;
	}

	/**
	 * Finds the folder, to be called before it may have been changed.
	 */
	public static WorkingDirectory ofThisProcess() {
		return of(System.getenv(), KERNELS, Path.of("").toAbsolutePath());
	}

	static WorkingDirectory of(Map<String, String> environment, Path kernels, Path otherwise) {
		String shells = environment.getOrDefault("PWD", "");
		if (shells.startsWith("/") && isSame(Path.of(shells), kernels)) {
			return new WorkingDirectory(Path.of(shells));
		}
		return new WorkingDirectory(otherwise);
	}

	private static boolean isSame(Path one, Path other) {
		try {
			return Files.isSameFile(one, other);
		}
		catch (IOException ex) {
			return false;
		}
	}

	/**
	 * Resolves a path as a process would that is started in the folder now.
	 * @param path a relative or absolute path
	 */
	public Path resolve(Path path) {
		return this.named.resolve(path);
	}

	/**
	 * Returns the folder that the name leads to now.
	 * @return the real path, or {@code null} if there is no such folder
	 */
	public @Nullable Path current() {
		try {
			return this.named.toRealPath();
		}
		catch (IOException ex) {
			return null;
		}
	}

	/**
	 * Returns a folder that a process can be started in.
	 * @param wanted the folder that it ought to be, or {@code null} if none is known
	 * @return that, or else the folder that the name leads to now, or else the nearest
	 * one on the way to it that exists
	 */
	public Path existing(@Nullable Path wanted) {
		if (wanted != null && Files.isDirectory(wanted)) {
			return wanted;
		}
		Path candidate = this.named;
		while (!Files.isDirectory(candidate)) {
			Path parent = candidate.getParent();
			if (parent == null) {
				break;
			}
			candidate = parent;
		}
		return candidate;
	}

	@Override
	public String toString() {
		return this.named.toString();
	}

}
