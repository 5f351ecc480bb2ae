package io.github.bootcluster.master.listen;

import java.io.IOException;
import java.net.InetSocketAddress;

import io.github.bootcluster.wire.ListenFailure;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.unix.Errors.NativeIoException;
import io.netty.channel.unix.Socket;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

class ListenFailuresTests {

	static {
		// Loads the system's part of Netty
		Epoll.ensureAvailability();
	}

	@ParameterizedTest
	@CsvSource({ "98,ADDRESS_IN_USE", "13,PERMISSION_DENIED", "1,PERMISSION_DENIED", "99,ADDRESS_NOT_AVAILABLE",
			"24,OTHER" })
	void systemsErrorsAreToldApartByTheirNumbers(int number, ListenFailure expected) {
		assertThat(ListenFailures.classify(new NativeIoException("bind", -number))).isEqualTo(expected);
	}

	@Test
	void wordsMeanNothing() {
		assertThat(ListenFailures.classify(new IOException("Address already in use"))).isEqualTo(ListenFailure.OTHER);
	}

	@Test
	void errorsOfRealSocketsHaveTheirNumbers() throws Exception {
		Socket first = Socket.newSocketStream();
		Socket second = Socket.newSocketStream();
		try {
			first.bind(new InetSocketAddress("127.0.0.1", 0));
			first.listen(1);
			assertThat(failure(second, first.localAddress())).isEqualTo(ListenFailure.ADDRESS_IN_USE);
			assertThat(failure(second, new InetSocketAddress("192.0.2.1", 0)))
				.isEqualTo(ListenFailure.ADDRESS_NOT_AVAILABLE);
		}
		finally {
			first.close();
			second.close();
		}
	}

	private static ListenFailure failure(Socket socket, InetSocketAddress address) {
		try {
			socket.bind(address);
			throw new AssertionError("Bound to " + address);
		}
		catch (IOException ex) {
			return ListenFailures.classify(ex);
		}
	}

}
