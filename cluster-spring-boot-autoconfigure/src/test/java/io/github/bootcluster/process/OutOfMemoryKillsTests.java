package io.github.bootcluster.process;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Promises about deaths that the kernel's want of memory explains, and those that it does
 * not.
 */
class OutOfMemoryKillsTests {

	@TempDir
	private Path folder;

	@Test
	void countIsFoundInTheGroupOfVersionTwo() throws IOException {
		write("app.slice/memory.events", "low 0\nhigh 0\nmax 9\noom 4\noom_kill 3\noom_group_kill 1\n");
		assertThat(kills("0::/app.slice").count()).isEqualTo(3);
	}

	@Test
	void countIsFoundInTheGroupOfVersionOne() throws IOException {
		write("memory/docker/7/memory.oom_control", "oom_kill_disable 0\nunder_oom 0\noom_kill 5\n");
		assertThat(kills("5:cpu,cpuacct:/", "4:memory:/docker/7", "0::/").count()).isEqualTo(5);
	}

	@Test
	void countIsFoundAtTheTopWhereTheGroupsPathIsTheHosts() throws IOException {
		write("memory.events", "oom_kill 2\n");
		assertThat(kills("0::/kubepods/pod7").count()).isEqualTo(2);
	}

	@Test
	void withoutACountNothingIsExplained() {
		OutOfMemoryKills kills = kills("0::/", "nonsense");
		assertThat(kills.count()).isZero();
		assertThat(kills.explain(0)).isFalse();
	}

	@Test
	void unreadableCountExplainsNothing() throws IOException {
		write("memory.events", "oom_kill many\n");
		assertThat(kills("0::/").count()).isZero();
	}

	@Test
	void eachKillExplainsOneDeath() throws IOException {
		write("memory.events", "oom_kill 7\n");
		OutOfMemoryKills kills = kills("0::/");
		long first = kills.count();
		assertThat(kills.explain(first)).isFalse();
		write("memory.events", "oom_kill 9\n");
		assertThat(kills.explain(first)).isTrue();
		assertThat(kills.explain(first)).isTrue();
		assertThat(kills.explain(first)).isFalse();
	}

	@Test
	void killBeforeTheProcessWasStartedDoesNotExplainItsDeath() throws IOException {
		write("memory.events", "oom_kill 1\n");
		OutOfMemoryKills kills = kills("0::/");
		write("memory.events", "oom_kill 2\n");
		assertThat(kills.explain(kills.count())).isFalse();
	}

	@Test
	void ownGroupCanBeAsked() {
		OutOfMemoryKills kills = OutOfMemoryKills.ofThisGroup();
		assertThat(kills.count()).isNotNegative();
		assertThat(kills.explain(Long.MAX_VALUE)).isFalse();
	}

	@Test
	void memoryOfThisProcessIsKnownAndThatOfNoneIsNot() {
		assertThat(ResidentMemory.of(ProcessHandle.current().pid()).orElse(0)).isGreaterThan(10L << 20);
		assertThat(ResidentMemory.of(Long.MAX_VALUE)).isEmpty();
		assertThat(ResidentMemory.parse("Name:\tjava\nVmRSS:\t    2048 kB\n")).hasValue(2048 * 1024);
		assertThat(ResidentMemory.parse("Name:\tzombie\n")).isEmpty();
	}

	private OutOfMemoryKills kills(String... groups) {
		return new OutOfMemoryKills(OutOfMemoryKills.files(List.of(groups), this.folder));
	}

	private void write(String file, String content) throws IOException {
		Path path = this.folder.resolve(file);
		Files.createDirectories(path.getParent());
		Files.writeString(path, content);
	}

}
