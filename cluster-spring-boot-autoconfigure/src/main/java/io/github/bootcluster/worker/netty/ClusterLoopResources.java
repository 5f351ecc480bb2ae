package io.github.bootcluster.worker.netty;

import java.time.Duration;
import java.util.function.Supplier;

import io.github.bootcluster.ListenerKind;
import io.github.bootcluster.worker.MasterConnection;
import io.netty.channel.Channel;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.socket.ServerSocketChannel;
import io.netty.channel.unix.ServerDomainSocketChannel;
import reactor.core.publisher.Mono;
import reactor.netty.resources.LoopResources;

/**
 * Loop resources whose server channels belong to the cluster. Everything else is that of
 * the resources that they wrap.
 */
final class ClusterLoopResources implements LoopResources {

	private final LoopResources delegate;

	private final Supplier<MasterConnection> master;

	private final Supplier<NettyConnections> connections;

	ClusterLoopResources(LoopResources delegate, Supplier<MasterConnection> master,
			Supplier<NettyConnections> connections) {
		this.delegate = delegate;
		this.master = master;
		this.connections = connections;
	}

	@Override
	public <C extends Channel> C onChannel(Class<C> channelType, EventLoopGroup group) {
		Channel server;
		if (channelType.equals(ServerSocketChannel.class)) {
			server = isHandoff() ? new HandoffServerSocketChannel(this.master.get())
					: new ReusePortServerChannel(this.master.get());
		}
		else if (channelType.equals(ServerDomainSocketChannel.class) && isHandoff()) {
			server = new HandoffServerDomainChannel(this.master.get());
		}
		else {
			return this.delegate.onChannel(channelType, group);
		}
		this.connections.get().add(server);
		return channelType.cast(server);
	}

	private boolean isHandoff() {
		return this.master.get().kind() != ListenerKind.UNMANAGED;
	}

	@Override
	public <C extends Channel> Class<? extends C> onChannelClass(Class<C> channelType, EventLoopGroup group) {
		return this.delegate.onChannelClass(channelType, group);
	}

	@Override
	public EventLoopGroup onServer(boolean useNative) {
		return this.delegate.onServer(isHandoff());
	}

	@Override
	public EventLoopGroup onServerSelect(boolean useNative) {
		return this.delegate.onServerSelect(isHandoff());
	}

	@Override
	public EventLoopGroup onClient(boolean useNative) {
		return this.delegate.onClient(useNative);
	}

	@Override
	public boolean daemon() {
		return this.delegate.daemon();
	}

	@Override
	public boolean isDisposed() {
		return this.delegate.isDisposed();
	}

	@Override
	public Mono<Void> disposeLater(Duration quietPeriod, Duration timeout) {
		return this.delegate.disposeLater(quietPeriod, timeout);
	}

}
