package io.github.bootcluster.file;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;

/**
 * File that tells a folder of ours from one that only has a similar name.
 */
public final class Marker {

	/**
	 * Name of the file.
	 */
	public static final String NAME = "bootcluster";

	private static final String CONTENT = "This folder belongs to a cluster of cluster-spring-boot-starter, "
			+ "which deletes it once its processes have ended.\n";

	private static final FileAttribute<?> OWNERS_ALONE = PosixFilePermissions
		.asFileAttribute(PosixFilePermissions.fromString("rw-------"));

	private Marker() {
	}

	/**
	 * Marks a folder as ours.
	 * @throws IOException if that cannot be done
	 */
	public static void write(Path folder) throws IOException {
		Files.writeString(Files.createFile(folder.resolve(NAME), OWNERS_ALONE), CONTENT);
	}

	/**
	 * Tells whether a folder is marked, belongs to the account of this process, can be
	 * changed by no other, and is neither a symbolic link nor mounted.
	 */
	public static boolean isOn(Path folder) {
		try {
			int own = Ownership.ownUid();
			Ownership ownership = Ownership.of(folder);
			Path marker = folder.resolve(NAME);
			return ownership.isFolder() && isOwn(ownership, own) && isOwn(Ownership.of(marker), own)
					&& Ownership.of(marker).isFile() && !MountPoints.read().contain(folder.toRealPath())
					&& Files.size(marker) == CONTENT.length() && Files.readString(marker).equals(CONTENT);
		}
		catch (IOException | RuntimeException ex) {
			return false;
		}
	}

	private static boolean isOwn(Ownership ownership, int own) {
		return ownership.uid() == own && !ownership.groupMayWrite() && !ownership.othersMayWrite();
	}

}
