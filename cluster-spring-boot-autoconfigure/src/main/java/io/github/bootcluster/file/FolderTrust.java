package io.github.bootcluster.file;

import java.io.IOException;
import java.nio.file.FileSystemLoopException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.List;

/**
 * Tells whether another account could put other files in the place of those that this
 * process makes in a folder. The folder and each one on the way to it, by symbolic links
 * too, has to belong to root or to the account of this process, and may be written by
 * nobody else unless it has the sticky bit: what lies there is its owner's then.
 */
public final class FolderTrust {

	private static final int MAX_LINKS = 40;

	private final FileOwners accounts;

	private final boolean groups;

	private FolderTrust(FileOwners accounts, boolean groups) {
		this.accounts = accounts;
		this.groups = groups;
	}

	/**
	 * Looks at owners, groups and others. A group is no stranger if it is that of root,
	 * or if nobody but the owner is in it.
	 */
	public static FolderTrust strict() {
		return new FolderTrust(FileOwners.ofThisSystem(), true);
	}

	/**
	 * Looks at owners and others, and trusts all groups: the system's own folder of logs
	 * may be written by a group on some systems.
	 */
	public static FolderTrust trustingGroups() {
		return new FolderTrust(FileOwners.ofThisSystem(), false);
	}

	static FolderTrust of(FileOwners accounts, boolean groups) {
		return new FolderTrust(accounts, groups);
	}

	/**
	 * Looks at a folder, as far as it exists.
	 * @throws UntrustedFolderException if another account could change what lies in it
	 * @throws IOException if it cannot be looked at
	 */
	public void check(Path folder) throws IOException {
		Path absolute = folder.toAbsolutePath();
		Path root = absolute.getRoot();
		Path at = root;
		Deque<Path> names = new ArrayDeque<>();
		absolute.forEach(names::add);
		checkFolder(at, Ownership.of(at));
		int links = 0;
		while (!names.isEmpty()) {
			Path name = names.remove();
			if (name.toString().equals("..")) {
				at = (at.getParent() != null) ? at.getParent() : root;
				continue;
			}
			Path next = at.resolve(name).normalize();
			Ownership ownership;
			try {
				ownership = Ownership.of(next);
			}
			catch (NoSuchFileException ex) {
				return;
			}
			if (ownership.isLink()) {
				if (++links > MAX_LINKS) {
					throw new FileSystemLoopException(folder.toString());
				}
				checkOwner(next, ownership);
				Path target = Files.readSymbolicLink(next);
				at = target.isAbsolute() ? root : at;
				List<Path> inserted = new ArrayList<>();
				target.forEach(inserted::add);
				Collections.reverse(inserted);
				inserted.forEach(names::addFirst);
			}
			else {
				if (ownership.isFolder()) {
					checkFolder(next, ownership);
				}
				at = next;
			}
		}
	}

	private void checkFolder(Path folder, Ownership ownership) throws UntrustedFolderException {
		checkOwner(folder, ownership);
		if (ownership.isSticky()) {
			return;
		}
		if (ownership.othersMayWrite()) {
			throw new UntrustedFolderException(folder, ownership, "every account may write it");
		}
		if (this.groups && ownership.groupMayWrite() && !this.accounts.isPrivate(ownership.gid(), ownership.uid())) {
			throw new UntrustedFolderException(folder, ownership,
					"the group %d may write it".formatted(ownership.gid()));
		}
	}

	private void checkOwner(Path file, Ownership ownership) throws UntrustedFolderException {
		if (!this.accounts.isTrusted(ownership.uid())) {
			throw new UntrustedFolderException(file, ownership, "its owner is neither root nor this process's account");
		}
	}

}
