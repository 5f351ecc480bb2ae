package io.github.bootcluster.file;

import java.io.IOException;
import java.nio.file.Path;

/**
 * Thrown when something is not written because its file system is full.
 */
public final class NoSpaceException extends IOException {

	NoSpaceException(Path folder, IOException cause) {
		super("there is not enough space in '%s'".formatted(folder), cause);
	}

}
