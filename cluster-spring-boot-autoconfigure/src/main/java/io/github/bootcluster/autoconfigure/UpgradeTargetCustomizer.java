package io.github.bootcluster.autoconfigure;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpServerCodec;

import org.springframework.boot.reactor.netty.NettyReactiveWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;

/**
 * Keeps a request whose target names a host on HTTP/1.1. An upgrade to HTTP/2 leaves
 * nothing of such a target but its path, so that a check of the request would see
 * {@code Host} alone.
 */
final class UpgradeTargetCustomizer implements WebServerFactoryCustomizer<NettyReactiveWebServerFactory> {

	private static final String CLEARTEXT_HTTP2 = "h2c";

	@Override
	public void customize(NettyReactiveWebServerFactory factory) {
		factory
			.addServerCustomizers((server) -> server.doOnChannelInit((observer, channel, address) -> watch(channel)));
	}

	private static void watch(Channel channel) {
		ChannelHandlerContext codec = channel.pipeline().context(HttpServerCodec.class);
		if (codec != null) {
			channel.pipeline().addAfter(codec.name(), UpgradeTargetCustomizer.class.getName(), NoUpgrade.INSTANCE);
		}
	}

	/**
	 * Takes the wish for an upgrade from a request whose target names a host.
	 */
	@ChannelHandler.Sharable
	private static final class NoUpgrade extends ChannelInboundHandlerAdapter {

		static final NoUpgrade INSTANCE = new NoUpgrade();

		@Override
		public void channelRead(ChannelHandlerContext context, Object message) throws Exception {
			if (message instanceof HttpRequest request && !request.uri().startsWith("/")
					&& request.headers().containsValue(HttpHeaderNames.UPGRADE, CLEARTEXT_HTTP2, true)) {
				request.headers().remove(HttpHeaderNames.UPGRADE);
			}
			super.channelRead(context, message);
		}

	}

}
