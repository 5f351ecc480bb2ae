package io.github.bootcluster.wire;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

import io.netty.channel.unix.DomainSocketAddress;
import io.netty.channel.unix.Socket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

class PeerTests {

	@TempDir
	Path directory;

	private Socket server;

	private Socket client;

	@BeforeEach
	void connect() throws IOException {
		Transport.detect();
		this.server = Socket.newSocketDomain();
		this.client = Socket.newSocketDomain();
		DomainSocketAddress address = new DomainSocketAddress(this.directory.resolve("s").toString());
		this.server.bind(address);
		this.server.listen(1);
		this.client.connect(address);
	}

	@AfterEach
	void close() throws IOException {
		this.client.close();
		this.server.close();
	}

	@Test
	void processOfTheSameAccountIsKnownByItsProcessId() throws IOException {
		Peer peer = Peer.of(this.client.intValue(), this.directory);
		assertThat(peer.pid()).hasValue(ProcessHandle.current().pid());
	}

	@Test
	void processOfAnotherAccountIsAStranger() throws IOException {
		Path foreign = Path.of("/");
		if (Files.getAttribute(foreign, "unix:uid").equals(Files.getAttribute(this.directory, "unix:uid"))) {
			foreign = Files.createDirectory(this.directory.resolve("foreign"));
			Files.setAttribute(foreign, "unix:uid", 65534);
		}
		Path others = foreign;
		assertThatExceptionOfType(UnauthorizedPeerException.class)
			.isThrownBy(() -> Peer.of(this.client.intValue(), others))
			.withMessageContaining("pid " + ProcessHandle.current().pid());
	}

}
