package io.github.bootcluster.worker.netty;

import java.util.Map;

import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.ChannelOption;
import io.netty.channel.DefaultChannelConfig;
import io.netty.channel.MessageSizeEstimator;
import io.netty.channel.RecvByteBufAllocator;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.socket.ServerSocketChannelConfig;
import io.netty.util.NetUtil;

/**
 * Options of a {@link HandoffServerChannel}. The backlog goes to the master; a listening
 * socket's other options are the master's own.
 */
final class HandoffServerChannelConfig extends DefaultChannelConfig implements ServerSocketChannelConfig {

	private volatile int backlog = NetUtil.SOMAXCONN;

	private volatile int receiveBufferSize;

	private volatile boolean reuseAddress = true;

	HandoffServerChannelConfig(HandoffServerChannel channel) {
		super(channel);
	}

	@Override
	public Map<ChannelOption<?>, Object> getOptions() {
		return getOptions(super.getOptions(), ChannelOption.SO_BACKLOG, ChannelOption.SO_REUSEADDR,
				ChannelOption.SO_RCVBUF);
	}

	@Override
	@SuppressWarnings("unchecked")
	public <T> T getOption(ChannelOption<T> option) {
		if (option == ChannelOption.SO_BACKLOG) {
			return (T) Integer.valueOf(getBacklog());
		}
		if (option == ChannelOption.SO_REUSEADDR) {
			return (T) Boolean.valueOf(isReuseAddress());
		}
		if (option == ChannelOption.SO_RCVBUF) {
			return (T) Integer.valueOf(getReceiveBufferSize());
		}
		return super.getOption(option);
	}

	@Override
	public <T> boolean setOption(ChannelOption<T> option, T value) {
		validate(option, value);
		if (option == ChannelOption.SO_BACKLOG) {
			setBacklog((Integer) value);
		}
		else if (option == ChannelOption.SO_REUSEADDR) {
			setReuseAddress((Boolean) value);
		}
		else if (option == ChannelOption.SO_RCVBUF) {
			setReceiveBufferSize((Integer) value);
		}
		else {
			return super.setOption(option, value);
		}
		return true;
	}

	@Override
	protected void autoReadCleared() {
		((HandoffServerChannel) this.channel).stopReading();
	}

	@Override
	public int getBacklog() {
		return this.backlog;
	}

	@Override
	public ServerSocketChannelConfig setBacklog(int backlog) {
		this.backlog = backlog;
		return this;
	}

	@Override
	public boolean isReuseAddress() {
		return this.reuseAddress;
	}

	@Override
	public ServerSocketChannelConfig setReuseAddress(boolean reuseAddress) {
		this.reuseAddress = reuseAddress;
		return this;
	}

	@Override
	public int getReceiveBufferSize() {
		return this.receiveBufferSize;
	}

	@Override
	public ServerSocketChannelConfig setReceiveBufferSize(int receiveBufferSize) {
		this.receiveBufferSize = receiveBufferSize;
		return this;
	}

	@Override
	public ServerSocketChannelConfig setPerformancePreferences(int connectionTime, int latency, int bandwidth) {
		return this;
	}

	@Override
	public ServerSocketChannelConfig setConnectTimeoutMillis(int connectTimeoutMillis) {
		super.setConnectTimeoutMillis(connectTimeoutMillis);
		return this;
	}

	@Override
	@Deprecated
	@SuppressWarnings("deprecation")
	public ServerSocketChannelConfig setMaxMessagesPerRead(int maxMessagesPerRead) {
		super.setMaxMessagesPerRead(maxMessagesPerRead);
		return this;
	}

	@Override
	public ServerSocketChannelConfig setWriteSpinCount(int writeSpinCount) {
		super.setWriteSpinCount(writeSpinCount);
		return this;
	}

	@Override
	public ServerSocketChannelConfig setAllocator(ByteBufAllocator allocator) {
		super.setAllocator(allocator);
		return this;
	}

	@Override
	public ServerSocketChannelConfig setRecvByteBufAllocator(RecvByteBufAllocator allocator) {
		super.setRecvByteBufAllocator(allocator);
		return this;
	}

	@Override
	public ServerSocketChannelConfig setAutoRead(boolean autoRead) {
		super.setAutoRead(autoRead);
		return this;
	}

	@Override
	public ServerSocketChannelConfig setMessageSizeEstimator(MessageSizeEstimator estimator) {
		super.setMessageSizeEstimator(estimator);
		return this;
	}

	@Override
	@Deprecated
	@SuppressWarnings("deprecation")
	public ServerSocketChannelConfig setWriteBufferHighWaterMark(int writeBufferHighWaterMark) {
		super.setWriteBufferHighWaterMark(writeBufferHighWaterMark);
		return this;
	}

	@Override
	@Deprecated
	@SuppressWarnings("deprecation")
	public ServerSocketChannelConfig setWriteBufferLowWaterMark(int writeBufferLowWaterMark) {
		super.setWriteBufferLowWaterMark(writeBufferLowWaterMark);
		return this;
	}

	@Override
	public ServerSocketChannelConfig setWriteBufferWaterMark(WriteBufferWaterMark waterMark) {
		super.setWriteBufferWaterMark(waterMark);
		return this;
	}

}
