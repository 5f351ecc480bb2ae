package io.github.bootcluster.file;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;

/**
 * Whose a file is, and who else may write it; a symbolic link itself is meant, not what
 * it leads to.
 *
 * @param uid the number of the owner
 * @param gid the number of the group
 * @param owner the name of the owner, or the number if there is no name
 * @param mode the permissions, the sticky bit included
 * @param type the kind of file: its bits of the mode
 */
record Ownership(int uid, int gid, String owner, int mode, int type) {

	private static final Path PROCESS = Path.of("/proc/self");

	private static final int TYPE = 0170000;

	private static final int FOLDER = 0040000;

	private static final int LINK = 0120000;

	private static final int STICKY = 01000;

	private static final int GROUP_WRITES = 0020;

	private static final int OTHERS_WRITE = 0002;

	private static final int FILE = 0100000;

	private static final int ROOT = 0;

	static Ownership of(Path file) throws IOException {
		Map<String, Object> attributes = Files.readAttributes(file, "unix:uid,gid,owner,mode",
				LinkOption.NOFOLLOW_LINKS);
		int mode = number(attributes, "mode");
		return new Ownership(number(attributes, "uid"), number(attributes, "gid"),
				String.valueOf(attributes.get("owner")), mode & ~TYPE, mode & TYPE);
	}

	private static int number(Map<String, Object> attributes, String name) {
		return (Integer) Objects.requireNonNull(attributes.get(name));
	}

	static int ownUid() throws IOException {
		if (Files.exists(PROCESS)) {
			return (Integer) Files.getAttribute(PROCESS, "unix:uid");
		}
		Path mine = Files.createTempFile("bootcluster-", ".uid");
		try {
			return (Integer) Files.getAttribute(mine, "unix:uid");
		}
		finally {
			Files.delete(mine);
		}
	}

	boolean isFolder() {
		return this.type == FOLDER;
	}

	boolean isFile() {
		return this.type == FILE;
	}

	boolean isLink() {
		return this.type == LINK;
	}

	/**
	 * Tells whether only this process's account, or root, can change the mode.
	 * @return whether the owner is one of them
	 */
	boolean isTrusted(int own) {
		return this.uid == own || this.uid == ROOT;
	}

	boolean isSticky() {
		return (this.mode & STICKY) != 0;
	}

	boolean groupMayWrite() {
		return (this.mode & GROUP_WRITES) != 0;
	}

	boolean othersMayWrite() {
		return (this.mode & OTHERS_WRITE) != 0;
	}

	/**
	 * Returns the mode as {@code chmod} takes it.
	 */
	String octalMode() {
		return "%04o".formatted(this.mode);
	}

}
