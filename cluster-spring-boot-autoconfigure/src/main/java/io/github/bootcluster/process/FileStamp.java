package io.github.bootcluster.process;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;

import org.jspecify.annotations.Nullable;

/**
 * What tells that a file has been written to, or is another one of the same name.
 *
 * @param size the size in bytes
 * @param modified when it was written to last
 * @param key the device and inode, where there are such
 */
record FileStamp(long size, FileTime modified, @Nullable Object key) {

	static FileStamp of(Path file) throws IOException {
		BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
		return new FileStamp(attributes.size(), attributes.lastModifiedTime(), attributes.fileKey());
	}

}
