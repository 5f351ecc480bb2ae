package io.github.bootcluster.worker.netty;

import java.util.ArrayList;
import java.util.Base64;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.WeakHashMap;
import java.util.function.Consumer;

import javax.net.ssl.SSLEngine;

import io.github.bootcluster.wire.Frame;
import io.github.bootcluster.worker.MasterConnection;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.ssl.OpenSslSessionContext;
import io.netty.handler.ssl.OpenSslSessionTicketKey;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import io.netty.util.ReferenceCountUtil;
import org.jspecify.annotations.Nullable;

/**
 * Lets TLS servers of this worker encrypt session tickets with the keys that all workers
 * share: a client resumes its session with whichever worker it comes to. Netty's own TLS
 * on top of OpenSSL or BoringSSL can do that; that of the JDK keeps its keys to itself.
 */
public final class SessionTickets {

	private final MasterConnection master;

	private final Set<OpenSslSessionContext> contexts = Collections.newSetFromMap(new WeakHashMap<>());

	private final ChannelHandler discovery = new Discovery();

	private OpenSslSessionTicketKey @Nullable [] keys;

	private boolean asked;

	/**
	 * Creates tickets that no server has yet.
	 */
	public SessionTickets(MasterConnection master) {
		this.master = master;
	}

	/**
	 * Shares the keys with the servers of a context, if its TLS can do that.
	 * @param configurator what is done to the handler of each connection
	 */
	public void share(SslContext context, Consumer<SslHandler> configurator) {
		SslHandler handler = context.newHandler(ByteBufAllocator.DEFAULT);
		try {
			configurator.accept(handler);
			share(handler.engine());
		}
		finally {
			ReferenceCountUtil.release(handler.engine());
		}
	}

	/**
	 * Shares the keys with the context that a new connection turns out to belong to. Of a
	 * context that nobody has shared before, no other worker can read the ticket of the
	 * first connection.
	 * @param handler the name of the handler that begins TLS
	 */
	public void discover(ChannelPipeline pipeline, String handler) {
		if (pipeline.get(handler) != null) {
			pipeline.addAfter(handler, null, this.discovery);
		}
	}

	/**
	 * A server that asks clients for certificates keeps its keys to itself: a client that
	 * resumes shows none, and another server may not have asked it for one.
	 */
	private void share(SSLEngine engine) {
		if (!engine.getNeedClientAuth() && !engine.getWantClientAuth()
				&& engine.getSession().getSessionContext() instanceof OpenSslSessionContext context) {
			add(context);
		}
	}

	private synchronized void add(OpenSslSessionContext context) {
		if (!this.contexts.add(context)) {
			return;
		}
		if (this.keys != null) {
			context.setTicketKeys(this.keys);
		}
		else if (!this.asked) {
			this.asked = true;
			this.master.shareTicketKeys(this::replace);
		}
	}

	private synchronized void replace(List<String> received) {
		OpenSslSessionTicketKey[] replacement = received.stream()
			.map(SessionTickets::key)
			.toArray(OpenSslSessionTicketKey[]::new);
		this.keys = replacement;
		for (OpenSslSessionContext context : new ArrayList<>(this.contexts)) {
			context.setTicketKeys(replacement);
		}
	}

	private static OpenSslSessionTicketKey key(String encoded) {
		byte[] bytes = Base64.getDecoder().decode(encoded);
		byte[] name = new byte[OpenSslSessionTicketKey.NAME_SIZE];
		byte[] hmac = new byte[OpenSslSessionTicketKey.HMAC_KEY_SIZE];
		byte[] aes = new byte[OpenSslSessionTicketKey.AES_KEY_SIZE];
		System.arraycopy(bytes, 0, name, 0, name.length);
		System.arraycopy(bytes, name.length, hmac, 0, hmac.length);
		System.arraycopy(bytes, Frame.TicketKeys.SIZE - aes.length, aes, 0, aes.length);
		return new OpenSslSessionTicketKey(name, hmac, aes);
	}

	/**
	 * Finds the context of each connection.
	 */
	@ChannelHandler.Sharable
	private final class Discovery extends ChannelInboundHandlerAdapter {

		@Override
		public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
			if (event instanceof SslHandshakeCompletionEvent) {
				SslHandler handler = ctx.pipeline().get(SslHandler.class);
				if (handler != null) {
					share(handler.engine());
				}
				ctx.pipeline().remove(this);
			}
			ctx.fireUserEventTriggered(event);
		}

	}

}
