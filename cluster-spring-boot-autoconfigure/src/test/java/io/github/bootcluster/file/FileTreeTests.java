package io.github.bootcluster.file;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributeView;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.List;

import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

class FileTreeTests {

	@TempDir
	private Path base;

	@Test
	void deletionLeavesWhatLinksLeadTo() throws IOException {
		Path kept = Files.createDirectory(this.base.resolve("kept"));
		Files.createFile(kept.resolve("precious"));
		Path tree = this.base.resolve("tree");
		Files.createDirectories(tree.resolve("a/b"));
		Files.createFile(tree.resolve("a/b/file"));
		Files.createSymbolicLink(tree.resolve("a/link"), kept);
		FileTree.delete(tree);
		assertThat(tree).doesNotExist();
		assertThat(kept.resolve("precious")).exists();
		Path link = Files.createSymbolicLink(this.base.resolve("link"), kept);
		FileTree.delete(link);
		assertThat(link).doesNotExist();
		assertThat(kept.resolve("precious")).exists();
	}

	@Test
	void refreshGivesLinksFreshTimeStampsAndLeavesWhatTheyLeadTo() throws IOException {
		FileTime old = FileTime.from(Instant.parse("2020-01-02T03:04:05Z"));
		Path kept = Files.createFile(this.base.resolve("kept"));
		Path tree = Files.createDirectory(this.base.resolve("tree"));
		Path link = Files.createSymbolicLink(tree.resolve("link"), kept);
		Path dangling = Files.createSymbolicLink(tree.resolve("dangling"), this.base.resolve("missing"));
		for (Path file : List.of(kept, link, dangling)) {
			view(file).setTimes(old, old, null);
		}
		FileTree.refresh(tree, "lock");
		for (Path file : List.of(link, dangling)) {
			assertThat(view(file).readAttributes().lastAccessTime()).isGreaterThan(old);
			assertThat(view(file).readAttributes().lastModifiedTime()).isEqualTo(old);
		}
		assertThat(view(kept).readAttributes().lastAccessTime()).isEqualTo(old);
	}

	private static BasicFileAttributeView view(Path file) {
		return Files.getFileAttributeView(file, BasicFileAttributeView.class, LinkOption.NOFOLLOW_LINKS);
	}

	@Test
	void deletionLeavesWhatIsMountedAndTheFilesThatGoLast() throws Exception {
		Path kept = Files.createDirectory(this.base.resolve("kept"));
		Files.createFile(kept.resolve("precious"));
		Path tree = Files.createDirectory(this.base.resolve("tree"));
		Path mounted = Files.createDirectories(tree.resolve("a/mounted folder"));
		Files.createFile(tree.resolve("file"));
		Files.createFile(tree.resolve("lock"));
		Assumptions.assumeTrue(run("mount", "--bind", kept.toString(), mounted.toString()),
				"This process may mount nothing");
		try {
			FileTree.delete(tree, "lock");
			assertThat(kept.resolve("precious")).exists();
			assertThat(tree.resolve("lock")).exists();
			assertThat(tree.resolve("file")).doesNotExist();
		}
		finally {
			assertThat(run("umount", mounted.toString())).isTrue();
		}
		FileTree.delete(tree, "lock");
		assertThat(tree).doesNotExist();
	}

	private static boolean run(String... command) throws Exception {
		try {
			return new ProcessBuilder(command).redirectErrorStream(true)
				.redirectOutput(ProcessBuilder.Redirect.DISCARD)
				.start()
				.waitFor() == 0;
		}
		catch (IOException ex) {
			return false;
		}
	}

	@Test
	void mountPointsAreReadAsTheKernelEscapesThem() {
		assertThat(MountPoints.unescape("/a\\040b\\134c$1")).isEqualTo("/a b\\c$1");
	}

}
