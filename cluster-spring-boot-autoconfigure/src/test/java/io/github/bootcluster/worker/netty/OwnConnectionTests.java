package io.github.bootcluster.worker.netty;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;

import io.github.bootcluster.wire.DescriptorQueue;
import io.github.bootcluster.wire.Sockets;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.unix.Socket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

/**
 * Promises on the address that a process opens to connect to itself.
 */
@Timeout(60)
class OwnConnectionTests {

	private Socket listening;

	@BeforeEach
	void listen() throws IOException {
		Epoll.ensureAvailability();
		this.listening = Sockets.openTcp();
		this.listening.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
		this.listening.listen(16);
	}

	@AfterEach
	void close() throws IOException {
		this.listening.close();
	}

	@Test
	void otherClientsAreTurnedAway() throws IOException {
		try (java.net.Socket stranger = connect();
				java.net.Socket gone = connect();
				java.net.Socket own = connect();
				java.net.Socket late = connect()) {
			gone.setSoLinger(true, 0);
			gone.close();
			int accepted = OwnConnection.accept(this.listening, own.getLocalPort());
			try {
				assertThat(new Socket(accepted).remoteAddress()).isEqualTo(own.getLocalSocketAddress());
				assertThat(stranger.getInputStream().read()).as("end of the connection").isEqualTo(-1);
			}
			finally {
				DescriptorQueue.release(accepted);
			}
			this.listening.close();
			late.setSoTimeout(10_000);
			assertThatIOException().isThrownBy(() -> late.getInputStream().read()).withMessageContaining("reset");
		}
	}

	@Test
	void connectionThatIsNotThereIsAnError() throws IOException {
		try (java.net.Socket stranger = connect()) {
			assertThatIOException().isThrownBy(() -> OwnConnection.accept(this.listening, stranger.getLocalPort() + 1))
				.withMessage("the connection to itself was not accepted");
			assertThat(stranger.getInputStream().read()).isEqualTo(-1);
		}
	}

	private java.net.Socket connect() throws IOException {
		InetSocketAddress address = this.listening.localAddress();
		return new java.net.Socket(address.getAddress(), address.getPort());
	}

}
