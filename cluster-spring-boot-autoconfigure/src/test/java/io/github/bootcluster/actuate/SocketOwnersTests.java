package io.github.bootcluster.actuate;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteOrder;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static java.net.StandardProtocolFamily.INET;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

@EnabledOnOs(OS.LINUX)
class SocketOwnersTests {

	private static final InetSocketAddress PEER = new InetSocketAddress("127.0.0.1", 0xC350);

	private static final InetSocketAddress LOCAL = new InetSocketAddress("127.0.0.1", 0x1F90);

	private static final String HEADER = "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt"
			+ "   uid  timeout inode\n";

	@TempDir
	private Path folder;

	@ParameterizedTest
	@ValueSource(strings = { "127.0.0.1", "::1" })
	void theOwnerOfARealClientIsThisAccount(String address) throws IOException {
		try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getByName(address));
				Socket client = new Socket(server.getInetAddress(), server.getLocalPort());
				Socket accepted = server.accept()) {
			assertThat(SocketOwners.ofThisSystem()
				.find(accepted.getRemoteSocketAddress(), accepted.getLocalSocketAddress())).isEqualTo(ownUser());
			assertThat(client.isConnected()).isTrue();
		}
	}

	@Test
	void aClientOfIpv4IsFoundByAServerThatAlsoListensOnIpv6() throws IOException {
		try (ServerSocketChannel server = ServerSocketChannel.open().bind(null);
				SocketChannel client = SocketChannel.open(INET)) {
			int port = ((InetSocketAddress) server.getLocalAddress()).getPort();
			client.connect(new InetSocketAddress("127.0.0.1", port));
			try (SocketChannel accepted = server.accept()) {
				assertThat(SocketOwners.ofThisSystem().find(accepted.getRemoteAddress(), accepted.getLocalAddress()))
					.isEqualTo(ownUser());
			}
		}
	}

	@Test
	void aClientThatHasGoneIsNobodys() throws IOException {
		try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
			Socket client = new Socket(server.getInetAddress(), server.getLocalPort());
			try (Socket accepted = server.accept()) {
				client.close();
				assertThat(SocketOwners.ofThisSystem()
					.find(accepted.getRemoteSocketAddress(), accepted.getLocalSocketAddress())).isNull();
			}
		}
	}

	@Test
	void aRowWithoutASocketIsSkipped() throws IOException {
		assumeLittleEndian();
		table("tcp", row("0100007F:C350", "0100007F:1F90", 0, 0), row("0100007F:C350", "0100007F:1F90", 33, 815));
		assertThat(owners().find(PEER, LOCAL)).isEqualTo(33);
	}

	@Test
	void theServersOwnRowIsNotTheClients() throws IOException {
		assumeLittleEndian();
		table("tcp", row("0100007F:1F90", "0100007F:C350", 0, 4711), row("0200007F:C350", "0100007F:1F90", 0, 4712),
				row("0100007F:C350", "0100007F:1F91", 0, 4713));
		assertThat(owners().find(PEER, LOCAL)).isNull();
	}

	@Test
	void anAddressOfIpv4InATableOfIpv6Counts() throws IOException {
		assumeLittleEndian();
		table("tcp", new String[0]);
		table("tcp6", row("0000000000000000FFFF00000100007F:C350", "0000000000000000FFFF00000100007F:1F90", 4294967294L,
				815));
		assertThat(owners().find(PEER, LOCAL)).isEqualTo(-2);
	}

	@Test
	void whatCannotBeReadLeavesNobody() throws IOException {
		assertThat(owners().find(PEER, LOCAL)).isNull();
		table("tcp", "nonsense", "1: zz:zz zz:zz 01 0 0 0 x 0 1");
		assertThat(owners().find(PEER, LOCAL)).isNull();
		assertThat(owners().find(UnixDomainSocketAddress.of("/run/x"), LOCAL)).isNull();
		assertThat(owners().find(null, null)).isNull();
	}

	@Test
	void aUserWhomTheNamespaceDoesNotKnowIsNobody() throws IOException {
		table("tcp", row("0100007F:C350", "0100007F:1F90", 65534, 815));
		assertThat(owners().find(PEER, LOCAL)).isEqualTo(65534);
		assertThat(new SocketOwners(this.folder, 65534).find(PEER, LOCAL)).isNull();
	}

	@Test
	void allUsersAreKnownWhereAllAreMapped() throws IOException {
		Files.createDirectories(this.folder.resolve("self"));
		Files.createDirectories(this.folder.resolve("sys/kernel"));
		Path overflow = Path.of("/proc/sys/kernel/overflowuid");
		Files.createSymbolicLink(this.folder.resolve("sys/kernel/overflowuid"), overflow);
		Path map = this.folder.resolve("self/uid_map");
		Files.writeString(map, "         0          0 4294967295\n");
		assertThat(SocketOwners.unmapped(this.folder)).isNull();
		Files.writeString(map, "         0       1000          1\n");
		assertThat(SocketOwners.unmapped(this.folder)).as("what the kernel tells to a single read only")
			.hasToString(Files.readAllLines(overflow).get(0));
	}

	private SocketOwners owners() {
		return new SocketOwners(this.folder, null);
	}

	private void table(String name, String... rows) throws IOException {
		Files.writeString(this.folder.resolve(name), HEADER + String.join("\n", rows) + "\n");
	}

	private static String row(String local, String remote, long user, long inode) {
		return "   0: %s %s 01 00000000:00000000 00:00000000 00000000 %5d        0 %d 1 0 20 4 30 10 -1"
			.formatted(local, remote, user, inode);
	}

	private static void assumeLittleEndian() {
		assumeTrue(ByteOrder.nativeOrder() == ByteOrder.LITTLE_ENDIAN,
				"The table is that of a little-endian processor");
	}

	private static int ownUser() throws IOException {
		return Files.readAllLines(Path.of("/proc/self/status"))
			.stream()
			.filter((line) -> line.startsWith("Uid:"))
			.map((line) -> Integer.parseUnsignedInt(line.split("\\s+")[2]))
			.findFirst()
			.orElseThrow();
	}

}
