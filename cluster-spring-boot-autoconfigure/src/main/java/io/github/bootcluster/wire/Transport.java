package io.github.bootcluster.wire;

import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Path;
import java.util.function.Function;

import io.netty.channel.Channel;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.ServerChannel;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollDomainSocketChannel;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerDomainSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioDomainSocketChannel;
import io.netty.channel.socket.nio.NioServerDomainSocketChannel;
import io.netty.channel.unix.DomainSocketAddress;
import io.netty.util.concurrent.DefaultThreadFactory;

/**
 * What carries the sockets between the master and its workers.
 */
public enum Transport {

	/**
	 * Linux' native transport, the only one that can pass descriptors.
	 */
	EPOLL(EpollServerDomainSocketChannel.class, EpollDomainSocketChannel.class,
			(path) -> new DomainSocketAddress(path.toString())) {

		@Override
		IoHandlerFactory handlerFactory() {
			return EpollIoHandler.newFactory();
		}

	},

	/**
	 * The JDK's own transport, for the control socket where the native one is missing.
	 */
	NIO(NioServerDomainSocketChannel.class, NioDomainSocketChannel.class, UnixDomainSocketAddress::of) {

		@Override
		IoHandlerFactory handlerFactory() {
			return NioIoHandler.newFactory();
		}

	};

	private final Class<? extends ServerChannel> serverChannelType;

	private final Class<? extends Channel> channelType;

	private final Function<Path, SocketAddress> addresses;

	Transport(Class<? extends ServerChannel> serverChannelType, Class<? extends Channel> channelType,
			Function<Path, SocketAddress> addresses) {
		this.serverChannelType = serverChannelType;
		this.channelType = channelType;
		this.addresses = addresses;
	}

	/**
	 * Returns the best transport that this JVM can load.
	 */
	public static Transport detect() {
		return Epoll.isAvailable() ? EPOLL : NIO;
	}

	/**
	 * Creates an event loop of one daemon thread.
	 * @param threadName the thread's name
	 */
	public EventLoopGroup newEventLoop(String threadName) {
		return new MultiThreadIoEventLoopGroup(1, new DefaultThreadFactory(threadName, true), handlerFactory());
	}

	abstract IoHandlerFactory handlerFactory();

	Class<? extends ServerChannel> serverChannelType() {
		return this.serverChannelType;
	}

	Class<? extends Channel> channelType() {
		return this.channelType;
	}

	SocketAddress address(Path path) {
		return this.addresses.apply(path);
	}

}
