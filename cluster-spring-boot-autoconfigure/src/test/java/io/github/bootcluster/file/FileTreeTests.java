package io.github.bootcluster.file;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

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
