package io.github.bootcluster.process;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

class WorkingDirectoryTests {

	@TempDir
	private Path base;

	private Path first;

	private Path second;

	private Path current;

	@BeforeEach
	void create() throws IOException {
		this.base = this.base.toRealPath();
		this.first = Files.createDirectories(this.base.resolve("releases/7"));
		this.second = Files.createDirectories(this.base.resolve("releases/8"));
		this.current = Files.createSymbolicLink(this.base.resolve("current"), this.first);
	}

	@Test
	void nameOfTheShellIsKeptIfItIsTheSameFolder() {
		assertThat(folder(this.current.toString()).resolve(Path.of("app.jar")))
			.isEqualTo(this.current.resolve("app.jar"));
		assertThat(folder(this.second.toString()).resolve(Path.of("app.jar"))).isEqualTo(this.first.resolve("app.jar"));
		assertThat(folder("current").resolve(Path.of("app.jar"))).isEqualTo(this.first.resolve("app.jar"));
		assertThat(folder("/no/such/folder").resolve(Path.of("/a"))).isEqualTo(Path.of("/a"));
	}

	@Test
	void linkIsFollowedAnew() throws IOException {
		WorkingDirectory folder = folder(this.current.toString());
		assertThat(folder.current()).isEqualTo(this.first);
		Files.delete(this.current);
		Files.createSymbolicLink(this.current, this.second);
		assertThat(folder.current()).isEqualTo(this.second);
		assertThat(folder.existing(this.first)).isEqualTo(this.first);
		Files.delete(this.first);
		assertThat(folder.existing(this.first)).isEqualTo(this.current);
		Files.delete(this.second);
		assertThat(folder.current()).isNull();
		assertThat(folder.existing(this.first)).isEqualTo(this.base);
	}

	private WorkingDirectory folder(String shells) {
		return WorkingDirectory.of(Map.of("PWD", shells), this.first, this.first);
	}

}
