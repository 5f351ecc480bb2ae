package io.github.bootcluster.wire;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;

/**
 * Account that workers run as, if it is another one than the master's. Only its group may
 * go into the folder of the sockets, and what is put there for it is its own.
 *
 * @param uid the number of the user, as an unsigned one
 * @param gid the number of the group, as an unsigned one
 */
public record SocketUser(int uid, int gid) {

	/**
	 * Gives a file to the account, which alone may use it.
	 */
	void own(Path file) throws IOException {
		Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
		Files.setAttribute(file, "unix:gid", this.gid, LinkOption.NOFOLLOW_LINKS);
		Files.setAttribute(file, "unix:uid", this.uid, LinkOption.NOFOLLOW_LINKS);
	}

	/**
	 * Lets the account reach what it may use in a folder. It can neither list nor change
	 * what lies there.
	 */
	void enter(Path directory) throws IOException {
		Files.setAttribute(directory, "unix:gid", this.gid, LinkOption.NOFOLLOW_LINKS);
		Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwx--x---"));
	}

}
