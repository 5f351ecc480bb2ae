package io.github.bootcluster.process;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

import io.github.bootcluster.file.FileTree;

/**
 * File of a snapshot, and what it was copied from: a copy that somebody has deleted is
 * made anew from that as long as it is the same.
 *
 * @param original the real path of the original
 * @param copy the path of the copy, relative to the snapshot's folder
 * @param size the size in bytes
 * @param modified when the original was written to last, in milliseconds
 * @param digest the SHA-256 digest of the content
 */
record CopiedFile(Path original, Path copy, long size, long modified, String digest) {

	static CopiedFile of(Path original, Path copy, Path directory) throws IOException {
		return new CopiedFile(original, directory.relativize(copy), Files.size(copy),
				Files.getLastModifiedTime(copy).toMillis(), digest(copy));
	}

	boolean isThere(Path directory) {
		return Files.exists(directory.resolve(this.copy), LinkOption.NOFOLLOW_LINKS);
	}

	void restore(Path directory) throws IOException {
		if (!isOriginal()) {
			throw new IOException("'%s' is not what it was copied from any more".formatted(this.original));
		}
		Path target = directory.resolve(this.copy);
		Path draft = target.resolveSibling("." + target.getFileName());
		FileTree.delete(draft);
		try {
			FileTree.copy(this.original, draft);
			if (!digest(draft).equals(this.digest)) {
				throw new IOException("'%s' is not what it was copied from any more".formatted(this.original));
			}
			Files.move(draft, target, StandardCopyOption.ATOMIC_MOVE);
		}
		finally {
			FileTree.delete(draft);
		}
	}

	private boolean isOriginal() throws IOException {
		try {
			return Files.size(this.original) == this.size
					&& Files.getLastModifiedTime(this.original).toMillis() == this.modified;
		}
		catch (NoSuchFileException ex) {
			throw new IOException("'%s' does not exist any more".formatted(this.original), ex);
		}
	}

	private static String digest(Path file) throws IOException {
		MessageDigest digest = sha256();
		try (InputStream content = new DigestInputStream(Files.newInputStream(file), digest)) {
			content.transferTo(OutputStream.nullOutputStream());
		}
		return HexFormat.of().formatHex(digest.digest());
	}

	static MessageDigest sha256() {
		try {
			return MessageDigest.getInstance("SHA-256");
		}
		catch (NoSuchAlgorithmException ex) {
			throw new IllegalStateException(ex);
		}
	}

}
