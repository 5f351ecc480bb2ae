package io.github.bootcluster.worker;

import java.lang.reflect.Field;
import java.util.Map;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.CombinedChannelDuplexHandler;
import io.netty.handler.codec.ByteToMessageDecoder;
import io.netty.handler.codec.http.HttpObjectDecoder;
import io.netty.handler.codec.http.HttpServerCodec;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;
import reactor.netty.NettyPipeline;
import reactor.netty.channel.ChannelOperations;

/**
 * Tells whether an HTTP/1.1 connection of Reactor Netty lies between two requests, to the
 * byte. Neither Netty nor Reactor Netty tells whether a decoder has read the beginning of
 * a request, or not yet the end of one that was answered early; handlers that kept
 * account of it would cost every connection and every request, for a question that is
 * asked while a worker drains. So it is read from their fields. With a version of theirs
 * that names these otherwise no connection counts as idle, which is safe.
 */
final class HttpConnectionState {

	private static final Log logger = LogFactory.getLog(HttpConnectionState.class);

	private static final String BETWEEN_REQUESTS = "SKIP_INITIAL_LINE_CHARS";

	private static final @Nullable HttpConnectionState INSTANCE = find();

	private final Field decoder;

	private final Field decoderState;

	private final Field cumulation;

	private final Field pendingResponses;

	private final Field persistent;

	private HttpConnectionState() throws ReflectiveOperationException {
		this.decoder = field(CombinedChannelDuplexHandler.class, "inboundHandler");
		this.decoderState = field(HttpObjectDecoder.class, "currentState");
		this.cumulation = field(ByteToMessageDecoder.class, "cumulation");
		Class<?> trafficHandler = Class.forName("reactor.netty.http.server.HttpTrafficHandler", false,
				NettyPipeline.class.getClassLoader());
		this.pendingResponses = field(trafficHandler, "pendingResponses");
		this.persistent = field(trafficHandler, "persistentConnection");
	}

	private static Field field(Class<?> type, String name) throws ReflectiveOperationException {
		Field field = type.getDeclaredField(name);
		field.setAccessible(true);
		return field;
	}

	private static @Nullable HttpConnectionState find() {
		try {
			return new HttpConnectionState();
		}
		catch (ReflectiveOperationException | RuntimeException ex) {
			logger.warn("Idle connections cannot move to other workers and are closed instead: this version of Netty "
					+ "or Reactor Netty is not known (%s)".formatted(ex.getMessage()));
			return null;
		}
	}

	/**
	 * Tells whether a connection lies between two requests: all bytes that were read
	 * belong to requests whose responses are written.
	 * @param pipeline the connection's pipeline; its event loop calls
	 * @return whether nothing would be lost if somebody else went on reading
	 */
	static boolean isBetweenRequests(ChannelPipeline pipeline) {
		HttpConnectionState state = INSTANCE;
		try {
			return state != null && ChannelOperations.get(pipeline.channel()) == null && isWritten(pipeline)
					&& state.check(pipeline);
		}
		catch (IllegalAccessException ex) {
			return false;
		}
	}

	private static boolean isWritten(ChannelPipeline pipeline) {
		ChannelOutboundBuffer buffer = pipeline.channel().unsafe().outboundBuffer();
		return buffer != null && buffer.isEmpty();
	}

	private boolean check(ChannelPipeline pipeline) throws IllegalAccessException {
		HttpServerCodec codec = pipeline.get(HttpServerCodec.class);
		ChannelHandler traffic = pipeline.get(NettyPipeline.HttpTrafficHandler);
		if (codec == null || traffic == null || !isAtRest(this.decoder.get(codec))
				|| this.pendingResponses.getInt(traffic) != 0 || !this.persistent.getBoolean(traffic)) {
			return false;
		}
		for (Map.Entry<String, ChannelHandler> entry : pipeline) {
			if (entry.getValue() instanceof ByteToMessageDecoder other && holdsBytes(other)) {
				return false;
			}
		}
		return true;
	}

	private boolean isAtRest(@Nullable Object httpDecoder) throws IllegalAccessException {
		return httpDecoder instanceof HttpObjectDecoder known && !holdsBytes(known)
				&& String.valueOf(this.decoderState.get(known)).equals(BETWEEN_REQUESTS);
	}

	private boolean holdsBytes(ByteToMessageDecoder decoder) throws IllegalAccessException {
		return this.cumulation.get(decoder) instanceof ByteBuf bytes && bytes.isReadable();
	}

}
