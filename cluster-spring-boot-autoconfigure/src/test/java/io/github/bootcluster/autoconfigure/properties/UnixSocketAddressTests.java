package io.github.bootcluster.autoconfigure.properties;

import java.nio.file.Path;
import java.util.Optional;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.mock.env.MockEnvironment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

class UnixSocketAddressTests {

	@ParameterizedTest
	@CsvSource({ "/run/app.sock, /run/app.sock", "unix:/run/app.sock, /run/app.sock",
			"unix:///run/app.sock, /run/app.sock", "' /run/./app/../app.sock ', /run/app.sock" })
	void pathIsFound(String address, Path path) {
		assertThat(UnixSocketAddress.find(environment(address))).contains(path);
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "127.0.0.1", "::1", "0.0.0.0", "app.example.org", "localhost", "app.sock" })
	void addressIsLeftToSpringBoot(String address) {
		assertThat(UnixSocketAddress.find(environment(address))).isEmpty();
	}

	@Test
	void addressNeedNotBeSet() {
		assertThat(UnixSocketAddress.find(new MockEnvironment())).isEmpty();
	}

	@ParameterizedTest
	@ValueSource(strings = { "run/app.sock", "./app.sock", "unix:app.sock", "unix:", "/", "/run/", "unix:/" })
	void pathThatIsNotWholeIsRefused(String address) {
		assertRefused(address, "an absolute path, such as /run/app.sock or unix:/run/app.sock");
	}

	@Test
	void longestPathIsThatOfAUnixSocket() {
		assertThat(UnixSocketAddress.find(environment("/" + "a".repeat(106)))).isPresent();
		assertRefused("/" + "a".repeat(107), "a path of at most 107 bytes, which is the longest of a Unix socket");
		assertRefused("/" + "\u00e4".repeat(54), "a path of at most 107 bytes, which is the longest of a Unix socket");
	}

	@Test
	void pathThatCannotBeIsRefused() {
		assertRefused("/run/a\0b", "a path without characters that none may have");
	}

	@Test
	void pathIsRefusedWhereConnectionsCannotBePassed() {
		Optional<String> reason = Optional.of("no epoll");
		UnixSocketAddress.check(environment("127.0.0.1"), reason);
		assertThatExceptionOfType(InvalidClusterPropertyException.class)
			.isThrownBy(() -> UnixSocketAddress.check(environment("/run/app.sock"), reason))
			.satisfies((ex) -> assertThat(ex.getAllowed()).contains("an IP address", "no epoll"));
	}

	@Test
	void springBootSeesAnAddressThatItKnows() {
		assertThat(UnixSocketAddress.hide(Path.of("/run/app.sock"))).containsEntry("server.address", "127.0.0.1")
			.containsEntry("cluster.worker.unix-socket", "/run/app.sock");
	}

	private static void assertRefused(String address, String allowed) {
		assertThatExceptionOfType(InvalidClusterPropertyException.class)
			.isThrownBy(() -> UnixSocketAddress.find(environment(address)))
			.satisfies((ex) -> {
				assertThat(ex.getProperty()).isEqualTo("server.address");
				assertThat(ex.getValue()).isEqualTo(address);
				assertThat(ex.getAllowed()).isEqualTo(allowed);
			});
	}

	private static MockEnvironment environment(String address) {
		return new MockEnvironment().withProperty("server.address", address);
	}

}
