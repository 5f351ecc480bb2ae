package io.github.bootcluster.worker.netty;

import java.io.IOException;
import java.util.Map;

import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.ChannelException;
import io.netty.channel.ChannelOption;
import io.netty.channel.MessageSizeEstimator;
import io.netty.channel.RecvByteBufAllocator;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.epoll.EpollChannelConfig;
import io.netty.channel.epoll.EpollChannelOption;
import io.netty.channel.socket.SocketChannelConfig;
import io.netty.channel.unix.IntegerUnixChannelOption;
import io.netty.channel.unix.Socket;

/**
 * Options of a {@link HandoffSocketChannel}: those of an accepted connection of Netty's
 * epoll transport, whose own class for them cannot be extended.
 */
final class HandoffSocketChannelConfig extends EpollChannelConfig implements SocketChannelConfig {

	private static final int IPPROTO_TCP = 6;

	/**
	 * Options that Netty reaches by methods that it keeps to itself, and their numbers in
	 * {@code netinet/tcp.h}.
	 */
	private static final Map<ChannelOption<Integer>, IntegerUnixChannelOption> TCP_OPTIONS = Map.of(
			EpollChannelOption.TCP_KEEPIDLE, tcp("TCP_KEEPIDLE", 4), EpollChannelOption.TCP_KEEPINTVL,
			tcp("TCP_KEEPINTVL", 5), EpollChannelOption.TCP_KEEPCNT, tcp("TCP_KEEPCNT", 6),
			EpollChannelOption.TCP_USER_TIMEOUT, tcp("TCP_USER_TIMEOUT", 18));

	private final HandoffSocketChannel channel;

	private volatile boolean allowHalfClosure;

	HandoffSocketChannelConfig(HandoffSocketChannel channel) {
		super(channel);
		this.channel = channel;
		// As Netty does by default
		setTcpNoDelay(true);
	}

	private static IntegerUnixChannelOption tcp(String name, int number) {
		return new IntegerUnixChannelOption("cluster." + name, IPPROTO_TCP, number);
	}

	@Override
	public Map<ChannelOption<?>, Object> getOptions() {
		return getOptions(super.getOptions(), ChannelOption.SO_RCVBUF, ChannelOption.SO_SNDBUF,
				ChannelOption.TCP_NODELAY, ChannelOption.SO_KEEPALIVE, ChannelOption.SO_REUSEADDR,
				ChannelOption.SO_LINGER, ChannelOption.IP_TOS, ChannelOption.ALLOW_HALF_CLOSURE);
	}

	@Override
	@SuppressWarnings("unchecked")
	public <T> T getOption(ChannelOption<T> option) {
		if (option == ChannelOption.SO_RCVBUF) {
			return (T) Integer.valueOf(getReceiveBufferSize());
		}
		if (option == ChannelOption.SO_SNDBUF) {
			return (T) Integer.valueOf(getSendBufferSize());
		}
		if (option == ChannelOption.TCP_NODELAY) {
			return (T) Boolean.valueOf(isTcpNoDelay());
		}
		if (option == ChannelOption.SO_KEEPALIVE) {
			return (T) Boolean.valueOf(isKeepAlive());
		}
		if (option == ChannelOption.SO_REUSEADDR) {
			return (T) Boolean.valueOf(isReuseAddress());
		}
		if (option == ChannelOption.SO_LINGER) {
			return (T) Integer.valueOf(getSoLinger());
		}
		if (option == ChannelOption.IP_TOS) {
			return (T) Integer.valueOf(getTrafficClass());
		}
		if (option == ChannelOption.ALLOW_HALF_CLOSURE) {
			return (T) Boolean.valueOf(isAllowHalfClosure());
		}
		IntegerUnixChannelOption tcpOption = TCP_OPTIONS.get(option);
		return (tcpOption != null) ? (T) super.getOption(tcpOption) : super.getOption(option);
	}

	@Override
	public <T> boolean setOption(ChannelOption<T> option, T value) {
		validate(option, value);
		if (option == ChannelOption.SO_RCVBUF) {
			setReceiveBufferSize((Integer) value);
		}
		else if (option == ChannelOption.SO_SNDBUF) {
			setSendBufferSize((Integer) value);
		}
		else if (option == ChannelOption.TCP_NODELAY) {
			setTcpNoDelay((Boolean) value);
		}
		else if (option == ChannelOption.SO_KEEPALIVE) {
			setKeepAlive((Boolean) value);
		}
		else if (option == ChannelOption.SO_REUSEADDR) {
			setReuseAddress((Boolean) value);
		}
		else if (option == ChannelOption.SO_LINGER) {
			setSoLinger((Integer) value);
		}
		else if (option == ChannelOption.IP_TOS) {
			setTrafficClass((Integer) value);
		}
		else if (option == ChannelOption.ALLOW_HALF_CLOSURE) {
			setAllowHalfClosure((Boolean) value);
		}
		else {
			IntegerUnixChannelOption tcpOption = TCP_OPTIONS.get(option);
			return (tcpOption != null) ? super.setOption(tcpOption, (Integer) value) : super.setOption(option, value);
		}
		return true;
	}

	private <T> T get(Getter<T> getter) {
		try {
			return getter.get(this.channel.socket());
		}
		catch (IOException ex) {
			throw new ChannelException(ex);
		}
	}

	private HandoffSocketChannelConfig set(Setter setter) {
		try {
			setter.set(this.channel.socket());
			return this;
		}
		catch (IOException ex) {
			throw new ChannelException(ex);
		}
	}

	@Override
	public int getReceiveBufferSize() {
		return get(Socket::getReceiveBufferSize);
	}

	@Override
	public HandoffSocketChannelConfig setReceiveBufferSize(int receiveBufferSize) {
		return set((socket) -> socket.setReceiveBufferSize(receiveBufferSize));
	}

	@Override
	public int getSendBufferSize() {
		return get(Socket::getSendBufferSize);
	}

	@Override
	public HandoffSocketChannelConfig setSendBufferSize(int sendBufferSize) {
		return set((socket) -> socket.setSendBufferSize(sendBufferSize));
	}

	@Override
	public boolean isTcpNoDelay() {
		return get(Socket::isTcpNoDelay);
	}

	@Override
	public HandoffSocketChannelConfig setTcpNoDelay(boolean tcpNoDelay) {
		return set((socket) -> socket.setTcpNoDelay(tcpNoDelay));
	}

	@Override
	public boolean isKeepAlive() {
		return get(Socket::isKeepAlive);
	}

	@Override
	public HandoffSocketChannelConfig setKeepAlive(boolean keepAlive) {
		return set((socket) -> socket.setKeepAlive(keepAlive));
	}

	@Override
	public boolean isReuseAddress() {
		return get(Socket::isReuseAddress);
	}

	@Override
	public HandoffSocketChannelConfig setReuseAddress(boolean reuseAddress) {
		return set((socket) -> socket.setReuseAddress(reuseAddress));
	}

	@Override
	public int getSoLinger() {
		return get(Socket::getSoLinger);
	}

	@Override
	public HandoffSocketChannelConfig setSoLinger(int soLinger) {
		return set((socket) -> socket.setSoLinger(soLinger));
	}

	@Override
	public int getTrafficClass() {
		return get(Socket::getTrafficClass);
	}

	@Override
	public HandoffSocketChannelConfig setTrafficClass(int trafficClass) {
		return set((socket) -> socket.setTrafficClass(trafficClass));
	}

	@Override
	public boolean isAllowHalfClosure() {
		return this.allowHalfClosure;
	}

	@Override
	public HandoffSocketChannelConfig setAllowHalfClosure(boolean allowHalfClosure) {
		this.allowHalfClosure = allowHalfClosure;
		return this;
	}

	@Override
	public HandoffSocketChannelConfig setPerformancePreferences(int connectionTime, int latency, int bandwidth) {
		return this;
	}

	@Override
	public HandoffSocketChannelConfig setConnectTimeoutMillis(int connectTimeoutMillis) {
		super.setConnectTimeoutMillis(connectTimeoutMillis);
		return this;
	}

	@Override
	@Deprecated
	@SuppressWarnings("deprecation")
	public HandoffSocketChannelConfig setMaxMessagesPerRead(int maxMessagesPerRead) {
		super.setMaxMessagesPerRead(maxMessagesPerRead);
		return this;
	}

	@Override
	public HandoffSocketChannelConfig setWriteSpinCount(int writeSpinCount) {
		super.setWriteSpinCount(writeSpinCount);
		return this;
	}

	@Override
	public HandoffSocketChannelConfig setAllocator(ByteBufAllocator allocator) {
		super.setAllocator(allocator);
		return this;
	}

	@Override
	public HandoffSocketChannelConfig setRecvByteBufAllocator(RecvByteBufAllocator allocator) {
		super.setRecvByteBufAllocator(allocator);
		return this;
	}

	@Override
	public HandoffSocketChannelConfig setAutoRead(boolean autoRead) {
		super.setAutoRead(autoRead);
		return this;
	}

	@Override
	public HandoffSocketChannelConfig setAutoClose(boolean autoClose) {
		super.setAutoClose(autoClose);
		return this;
	}

	@Override
	public HandoffSocketChannelConfig setWriteBufferWaterMark(WriteBufferWaterMark waterMark) {
		super.setWriteBufferWaterMark(waterMark);
		return this;
	}

	@Override
	@Deprecated
	@SuppressWarnings("deprecation")
	public HandoffSocketChannelConfig setWriteBufferHighWaterMark(int writeBufferHighWaterMark) {
		super.setWriteBufferHighWaterMark(writeBufferHighWaterMark);
		return this;
	}

	@Override
	@Deprecated
	@SuppressWarnings("deprecation")
	public HandoffSocketChannelConfig setWriteBufferLowWaterMark(int writeBufferLowWaterMark) {
		super.setWriteBufferLowWaterMark(writeBufferLowWaterMark);
		return this;
	}

	@Override
	public HandoffSocketChannelConfig setMessageSizeEstimator(MessageSizeEstimator estimator) {
		super.setMessageSizeEstimator(estimator);
		return this;
	}

	private interface Getter<T> {

		T get(Socket socket) throws IOException;

	}

	private interface Setter {

		void set(Socket socket) throws IOException;

	}

}
