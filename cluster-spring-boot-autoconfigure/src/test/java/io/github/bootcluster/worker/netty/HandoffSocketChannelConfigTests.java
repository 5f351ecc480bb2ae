package io.github.bootcluster.worker.netty;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Map;
import java.util.stream.Stream;

import io.netty.channel.ChannelOption;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollChannelOption;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.unix.Socket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;

class HandoffSocketChannelConfigTests {

	private Socket server;

	private Socket client;

	private HandoffSocketChannel channel;

	@BeforeEach
	void connect() throws IOException {
		Epoll.ensureAvailability();
		this.server = Socket.newSocketStream();
		this.server.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
		this.server.listen(1);
		this.client = Socket.newSocketStream();
		this.client.connect(this.server.localAddress());
		int descriptor = this.server.accept(new byte[25]);
		while (descriptor < 0) {
			descriptor = this.server.accept(new byte[25]);
		}
		this.channel = new HandoffSocketChannel(new EpollServerSocketChannel(), descriptor, null, null);
	}

	@AfterEach
	void close() throws IOException {
		this.channel.socket().close();
		((EpollServerSocketChannel) this.channel.parent()).fd().close();
		this.client.close();
		this.server.close();
	}

	static Stream<Arguments> options() {
		return Stream.of(Arguments.of(ChannelOption.TCP_NODELAY, false), Arguments.of(ChannelOption.TCP_NODELAY, true),
				Arguments.of(ChannelOption.SO_KEEPALIVE, true), Arguments.of(ChannelOption.SO_REUSEADDR, true),
				Arguments.of(ChannelOption.SO_LINGER, 3), Arguments.of(ChannelOption.SO_LINGER, -1),
				Arguments.of(ChannelOption.IP_TOS, 0x10), Arguments.of(ChannelOption.ALLOW_HALF_CLOSURE, true),
				Arguments.of(ChannelOption.AUTO_READ, false), Arguments.of(ChannelOption.AUTO_CLOSE, false),
				Arguments.of(ChannelOption.CONNECT_TIMEOUT_MILLIS, 1234),
				Arguments.of(ChannelOption.WRITE_SPIN_COUNT, 7), Arguments.of(EpollChannelOption.TCP_KEEPIDLE, 77),
				Arguments.of(EpollChannelOption.TCP_KEEPINTVL, 11), Arguments.of(EpollChannelOption.TCP_KEEPCNT, 5),
				Arguments.of(EpollChannelOption.TCP_USER_TIMEOUT, 4321));
	}

	@ParameterizedTest
	@MethodSource("options")
	<T> void optionIsAsItWasSet(ChannelOption<T> option, T value) {
		assertThat(this.channel.config().setOption(option, value)).isTrue();
		assertThat(this.channel.config().getOption(option)).isEqualTo(value);
	}

	@Test
	void buffersAreAtLeastAsLargeAsTheyWereSet() {
		for (ChannelOption<Integer> option : Map.of(ChannelOption.SO_RCVBUF, 0, ChannelOption.SO_SNDBUF, 0).keySet()) {
			assertThat(this.channel.config().setOption(option, 20_000)).isTrue();
			assertThat(this.channel.config().getOption(option)).isGreaterThanOrEqualTo(20_000);
		}
	}

	@Test
	void optionsOfTheKernelReachTheSocket() throws IOException {
		this.channel.config().setOption(ChannelOption.SO_KEEPALIVE, true);
		assertThat(this.channel.socket().isKeepAlive()).isTrue();
		assertThat(this.channel.socket().isTcpNoDelay()).as("as Netty does by default").isTrue();
	}

	@Test
	void allThatCanBeReadIsListed() {
		assertThat(this.channel.config().getOptions()).containsKeys(ChannelOption.SO_RCVBUF, ChannelOption.SO_SNDBUF,
				ChannelOption.TCP_NODELAY, ChannelOption.SO_KEEPALIVE, ChannelOption.SO_REUSEADDR,
				ChannelOption.SO_LINGER, ChannelOption.IP_TOS, ChannelOption.ALLOW_HALF_CLOSURE,
				ChannelOption.AUTO_READ);
	}

	@Test
	void optionThatNobodyKnowsIsNotSet() {
		assertThat(this.channel.config().setOption(ChannelOption.<Integer>valueOf("cluster.test.unknown"), 1))
			.isFalse();
	}

	@Test
	void connectionKnowsItsAddressesAndItsServer() {
		assertThat(this.channel.remoteAddress()).isEqualTo(this.client.localAddress());
		assertThat(this.channel.localAddress()).isEqualTo(this.server.localAddress());
		assertThat(this.channel.parent()).isInstanceOf(EpollServerSocketChannel.class);
	}

}
