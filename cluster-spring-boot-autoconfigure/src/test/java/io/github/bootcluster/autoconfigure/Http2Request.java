package io.github.bootcluster.autoconfigure;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.handler.codec.http2.DefaultHttp2HeadersFrame;
import io.netty.handler.codec.http2.Http2FrameCodecBuilder;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2HeadersFrame;
import io.netty.handler.codec.http2.Http2MultiplexHandler;
import io.netty.handler.codec.http2.Http2ResetFrame;
import io.netty.handler.codec.http2.Http2SettingsFrame;
import io.netty.handler.codec.http2.Http2StreamChannelBootstrap;
import io.netty.util.ReferenceCountUtil;
import org.jspecify.annotations.Nullable;

/**
 * A request over HTTP/2 with whatever headers, also those that no client sends.
 */
final class Http2Request {

	private static final int RESET = 0;

	private static final long LIMIT_SECONDS = 60;

	private Http2Request() {
	}

	/**
	 * Sends a request.
	 * @param port the port on the loopback address
	 * @param headers all headers
	 * @return the status of the answer, or 0 if the server has reset the stream
	 * @throws Exception if there is neither
	 */
	static int send(int port, Http2Headers headers) throws Exception {
		EventLoopGroup loop = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
		try {
			CompletableFuture<@Nullable Void> greeted = new CompletableFuture<>();
			Channel channel = new Bootstrap().group(loop)
				.channel(NioSocketChannel.class)
				.handler(new ChannelInitializer<>() {

					@Override
					protected void initChannel(Channel channel) {
						channel.pipeline()
							.addLast(Http2FrameCodecBuilder.forClient().validateHeaders(false).build())
							.addLast(new Http2MultiplexHandler(new ChannelInboundHandlerAdapter()))
							.addLast(new Greeting(greeted));
					}

				})
				.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port))
				.sync()
				.channel();
			greeted.get(LIMIT_SECONDS, TimeUnit.SECONDS);
			CompletableFuture<Integer> status = new CompletableFuture<>();
			new Http2StreamChannelBootstrap(channel).handler(new Stream(status))
				.open()
				.sync()
				.getNow()
				.writeAndFlush(new DefaultHttp2HeadersFrame(headers, true));
			return status.get(LIMIT_SECONDS, TimeUnit.SECONDS);
		}
		finally {
			loop.shutdownGracefully(0, LIMIT_SECONDS, TimeUnit.SECONDS).sync();
		}
	}

	private static final class Greeting extends ChannelInboundHandlerAdapter {

		private final CompletableFuture<@Nullable Void> greeted;

		Greeting(CompletableFuture<@Nullable Void> greeted) {
			this.greeted = greeted;
		}

		@Override
		public void channelRead(ChannelHandlerContext context, Object message) {
			if (message instanceof Http2SettingsFrame) {
				this.greeted.complete(null);
			}
			ReferenceCountUtil.release(message);
		}

	}

	private static final class Stream extends ChannelInboundHandlerAdapter {

		private final CompletableFuture<Integer> status;

		Stream(CompletableFuture<Integer> status) {
			this.status = status;
		}

		@Override
		public void channelRead(ChannelHandlerContext context, Object message) {
			if (message instanceof Http2HeadersFrame frame && frame.headers().status() != null) {
				this.status.complete(Integer.parseInt(frame.headers().status().toString()));
			}
			ReferenceCountUtil.release(message);
		}

		@Override
		public void userEventTriggered(ChannelHandlerContext context, Object event) {
			if (event instanceof Http2ResetFrame) {
				this.status.complete(RESET);
			}
			ReferenceCountUtil.release(event);
		}

	}

}
