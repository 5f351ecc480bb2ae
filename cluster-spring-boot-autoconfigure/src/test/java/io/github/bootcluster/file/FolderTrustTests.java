package io.github.bootcluster.file;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;

import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Promises on folders that another account could change.
 */
class FolderTrustTests {

	private static final int STRANGER = 12345;

	@TempDir
	private Path base;

	private Path way;

	private Path folder;

	@BeforeEach
	void create() throws IOException {
		this.way = Files.createDirectory(this.base.resolve("way"));
		this.folder = Files.createDirectory(this.way.resolve("folder"));
		chmod(this.way, 0755);
		chmod(this.folder, 0755);
	}

	@Test
	void ownFolderIsTrustedAndSoIsOneThatDoesNotExistYet() {
		assertThatCode(() -> FolderTrust.strict().check(this.folder)).doesNotThrowAnyException();
		assertThatCode(() -> FolderTrust.strict().check(this.folder.resolve("a/b"))).doesNotThrowAnyException();
	}

	@Test
	void folderThatEverybodyMayWriteIsNotTrustedWithoutTheStickyBit() throws IOException {
		chmod(this.way, 0777);
		assertRefused(this.folder, this.way, "has the mode 0777: every account may write it");
		assertRefused(this.folder.resolve("new"), this.way, "every account may write it");
		assertRefused(this.way, this.way, "every account may write it");
		chmod(this.way, 01777);
		assertThatCode(() -> FolderTrust.strict().check(this.folder)).doesNotThrowAnyException();
	}

	@Test
	void groupMayWriteIfNobodyElseIsInIt() throws IOException {
		assumeRoot();
		chmod(this.way, 0775);
		Files.setAttribute(this.way, "unix:gid", STRANGER);
		assertRefused(this.folder, this.way, "the group 12345 may write it");
		assertThatCode(() -> FolderTrust.trustingGroups().check(this.folder)).doesNotThrowAnyException();
		Files.writeString(this.base.resolve("passwd"), "root:x:0:0::/root:/bin/sh\nme:x:7:12345::/:/bin/sh\n");
		Files.writeString(this.base.resolve("group"), "root:x:0:\nme:x:12345:\nadm:x:4:me\n");
		FileOwners accounts = new FileOwners(7, this.base, Path.of("/proc/self/uid_map"));
		assertThat(accounts.isPrivate(STRANGER, 7)).isTrue();
		assertThat(accounts.isPrivate(STRANGER, 8)).isFalse();
		assertThat(accounts.isPrivate(4, 7)).isFalse();
		assertThat(accounts.isPrivate(0, 7)).isTrue();
		Files.writeString(this.base.resolve("group"), "me:x:12345:me,you\n");
		assertThat(accounts.isPrivate(STRANGER, 7)).isFalse();
	}

	@Test
	void folderOfAnotherAccountIsNotTrustedAnywhereOnTheWay() throws IOException {
		assumeRoot();
		Files.setAttribute(this.way, "unix:uid", STRANGER);
		assertRefused(this.folder, this.way,
				"'12345' and has the mode 0755: its owner is neither root nor this process's account");
		assertThatExceptionOfType(UntrustedFolderException.class)
			.isThrownBy(() -> FolderTrust.trustingGroups().check(this.folder));
	}

	@Test
	void linkIsAsGoodAsItsOwnerAndAsWhatItLeadsTo() throws IOException {
		assumeRoot();
		Path link = Files.createSymbolicLink(this.base.resolve("link"), Path.of("way", "..", "way"));
		assertThatCode(() -> FolderTrust.strict().check(link.resolve("folder"))).doesNotThrowAnyException();
		chmod(this.folder, 0777);
		assertRefused(link.resolve("folder"), this.folder, "every account may write it");
		chmod(this.folder, 0755);
		Files.setAttribute(link, "unix:uid", STRANGER, LinkOption.NOFOLLOW_LINKS);
		assertRefused(link.resolve("folder"), link, "its owner is neither root nor this process's account");
	}

	private static void assertRefused(Path folder, Path blamed, String problem) {
		assertThatExceptionOfType(UntrustedFolderException.class).isThrownBy(() -> FolderTrust.strict().check(folder))
			.withMessageContaining(blamed.toString())
			.withMessageContaining(problem)
			.satisfies((ex) -> assertThat(ex.getFolder()).isEqualTo(blamed));
	}

	private static void chmod(Path file, int mode) throws IOException {
		Files.setAttribute(file, "unix:mode", mode);
	}

	private void assumeRoot() throws IOException {
		Assumptions.assumeTrue(Ownership.ownUid() == 0, "Only root can give files away");
	}

}
