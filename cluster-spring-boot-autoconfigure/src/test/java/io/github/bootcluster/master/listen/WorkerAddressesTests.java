package io.github.bootcluster.master.listen;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Set;

import io.github.bootcluster.process.WorkerAccount;
import io.github.bootcluster.wire.ListenFailure;
import io.netty.channel.unix.DomainSocketAddress;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

/**
 * Promises about where a master that is root listens for workers of another account.
 */
class WorkerAddressesTests {

	private static final int UID = 54321;

	private static final WorkerAccount ACCOUNT = new WorkerAccount("svc", UID, "svc", UID, "/", false);

	private final WorkerAddresses addresses = WorkerAddresses.of(ACCOUNT,
			List.of(new InetSocketAddress(80), new InetSocketAddress("127.0.0.1", 81)),
			Set.of(Path.of("/run/svc/app.sock")));

	@Test
	void portThatAnyAccountMayBindIsAllowed() {
		assertThat(refusal(new InetSocketAddress(0))).isNull();
		assertThat(refusal(new InetSocketAddress("127.0.0.1", 65535))).isNull();
	}

	@Test
	void firstUnprivilegedPortIsThatOfTheSystem() throws Exception {
		assertThat(UnprivilegedPorts.first()).isEqualTo(firstUnprivilegedPort());
	}

	private static int firstUnprivilegedPort() throws IOException {
		Process cat = new ProcessBuilder("cat", "/proc/sys/net/ipv4/ip_unprivileged_port_start").start();
		return Integer.parseInt(new String(cat.getInputStream().readAllBytes(), StandardCharsets.US_ASCII).trim());
	}

	@Test
	void configuredPortIsAllowedWhereItIsConfigured() throws Exception {
		assumeTrue(firstUnprivilegedPort() > 81, "Any account may bind any port here");
		assertThat(refusal(new InetSocketAddress(80))).isNull();
		assertThat(refusal(new InetSocketAddress("127.0.0.1", 80))).isNull();
		assertThat(refusal(new InetSocketAddress("127.0.0.1", 81))).isNull();
		assertThat(refusal(new InetSocketAddress(81)))
			.isEqualTo("port 81 is not configured in the master, and the workers' account 'svc:svc' may not bind it");
	}

	@Test
	void workersOfTheMastersAccountMayHaveAnyAddress() throws Exception {
		WorkerAddresses.any().check(new InetSocketAddress(77));
		WorkerAddresses.any().check(new DomainSocketAddress("/root/evil.sock"));
	}

	@Test
	void configuredPathIsAllowed() {
		assertThat(refusal(Path.of("/run/svc/app.sock"))).isNull();
	}

	@Test
	void pathThatTheAccountCouldNotUseIsRefused() {
		assertThat(refusal(Path.of("/etc/evil.sock")))
			.isEqualTo("the path is not configured in the master, and the workers' account may not write to '/etc'");
		assertThat(refusal(Path.of("/missing/evil.sock"))).contains("'/missing' is no folder");
		assertThat(refusal(Path.of("/proc/self/../evil.sock"))).contains("it is no plain path");
	}

	@Test
	void folderThatTheAccountCouldExchangeMeanwhileIsRefused() throws Exception {
		Path temporary = Path.of("/tmp");
		assumeTrue(isOpenToAll(temporary), "There is no folder that all may write");
		assertThat(refusal(temporary.resolve("app.sock"))).isNull();
		Path own = Files.createTempDirectory(temporary, "b-addresses-");
		Path link = temporary.resolve(own.getFileName() + ".link");
		try {
			Files.setPosixFilePermissions(own, PosixFilePermissions.fromString("rwxrwxrwx"));
			assertThat(refusal(own.resolve("app.sock")))
				.contains("could put another folder in the place of one in '/tmp'");
			Files.createSymbolicLink(link, Path.of("/etc"));
			assertThat(refusal(link.resolve("app.sock"))).contains("symbolic links");
		}
		finally {
			Files.deleteIfExists(link);
			Files.delete(own);
		}
	}

	private static boolean isOpenToAll(Path folder) throws IOException {
		return Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS)
				&& PosixFilePermissions.toString(Files.getPosixFilePermissions(folder)).endsWith("rwx");
	}

	private @Nullable String refusal(Path path) {
		return refusal(new DomainSocketAddress(path.toString()));
	}

	private @Nullable String refusal(SocketAddress address) {
		try {
			this.addresses.check(address);
			return null;
		}
		catch (IOException ex) {
			assertThat(ListenFailures.classify(ex)).isEqualTo(ListenFailure.NOT_ALLOWED);
			return ex.getMessage();
		}
	}

}
