package io.github.bootcluster.master.listen;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;

import org.jspecify.annotations.Nullable;

/**
 * Whether an account could make a Unix socket itself, and cannot lead the master, which
 * makes it instead, to another folder meanwhile. Further groups of the account and access
 * control lists count for nothing here: what they allow has to be configured.
 */
final class AccountFolder {

	private static final int WRITE = 02;

	private static final int SEARCH = 01;

	private static final int GROUP_OR_OTHERS_WRITE = 022;

	private AccountFolder() {
	}

	/**
	 * Looks at the folder of a path, and at each one on the way to it.
	 * @return why the master must not make a socket there, or {@code null} if it may
	 */
	static @Nullable String problem(Path path, int uid, int gid) throws IOException {
		Path folder = path.getParent();
		if (folder == null || !folder.equals(folder.normalize())) {
			return "it is no plain path";
		}
		if (!Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS) || !folder.equals(folder.toRealPath())) {
			return "'%s' is no folder, or there are symbolic links on the way to it".formatted(folder);
		}
		if (!permissions(folder).allow(uid, gid, WRITE | SEARCH)) {
			return "the workers' account may not write to '%s'".formatted(folder);
		}
		for (Path above = folder.getParent(); above != null; above = above.getParent()) {
			Permissions permissions = permissions(above);
			if (!permissions.allow(uid, gid, SEARCH)) {
				return "the workers' account may not reach '%s'".formatted(above);
			}
			if (permissions.mayBeChangedBy(uid)) {
				return "another account could put another folder in the place of one in '%s'".formatted(above);
			}
		}
		return null;
	}

	private static Permissions permissions(Path folder) throws IOException {
		Map<String, Object> attributes = Files.readAttributes(folder, "unix:uid,gid,mode", LinkOption.NOFOLLOW_LINKS);
		return new Permissions(number(attributes, "uid"), number(attributes, "gid"), number(attributes, "mode"));
	}

	private static int number(Map<String, Object> attributes, String name) {
		return (Integer) Objects.requireNonNull(attributes.get(name));
	}

	/**
	 * Owner, group and mode of a folder.
	 *
	 * @param owner the number of the owner
	 */
	private record Permissions(int owner, int group, int mode) {

		boolean allow(int uid, int gid, int wanted) {
			int bits = (this.owner == uid) ? this.mode >> 6 : (this.group == gid) ? this.mode >> 3 : this.mode;
			return (bits & wanted) == wanted;
		}

		boolean mayBeChangedBy(int uid) {
			return this.owner == uid || (this.mode & GROUP_OR_OTHERS_WRITE) != 0;
		}

	}

}
