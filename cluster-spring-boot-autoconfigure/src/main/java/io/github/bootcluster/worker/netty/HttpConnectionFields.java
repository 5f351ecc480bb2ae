package io.github.bootcluster.worker.netty;

import java.lang.reflect.Field;
import java.util.Map;
import java.util.Set;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.CombinedChannelDuplexHandler;
import io.netty.handler.codec.ByteToMessageDecoder;
import io.netty.handler.codec.http.HttpObjectDecoder;
import io.netty.handler.codec.http.HttpServerCodec;
import org.jspecify.annotations.Nullable;
import reactor.netty.NettyPipeline;

/**
 * What Netty and Reactor Netty know of an HTTP/1.1 connection and do not tell, read from
 * their fields.
 */
final class HttpConnectionFields {

	static final String TRAFFIC_HANDLER = "reactor.netty.http.server.HttpTrafficHandler";

	private static final String BETWEEN_REQUESTS = "SKIP_INITIAL_LINE_CHARS";

	private static final Set<String> IN_FRONT_OF_A_BODY = Set.of("READ_INITIAL", "READ_HEADER");

	private final Field decoder;

	private final Field decoderState;

	private final Field cumulation;

	private final Field pendingResponses;

	private final Field persistent;

	HttpConnectionFields(String trafficHandler) throws ReflectiveOperationException {
		this.decoder = field(CombinedChannelDuplexHandler.class, "inboundHandler");
		this.decoderState = field(HttpObjectDecoder.class, "currentState");
		this.cumulation = field(ByteToMessageDecoder.class, "cumulation");
		Class<?> handlerType = Class.forName(trafficHandler, false, NettyPipeline.class.getClassLoader());
		this.pendingResponses = field(handlerType, "pendingResponses");
		this.persistent = field(handlerType, "persistentConnection");
	}

	private static Field field(Class<?> type, String name) throws ReflectiveOperationException {
		Field field = type.getDeclaredField(name);
		field.setAccessible(true);
		return field;
	}

	/**
	 * Tells whether all that was read belongs to requests whose responses are given.
	 */
	boolean isBetweenRequests(ChannelPipeline pipeline) throws IllegalAccessException {
		HttpServerCodec codec = pipeline.get(HttpServerCodec.class);
		ChannelHandler traffic = pipeline.get(NettyPipeline.HttpTrafficHandler);
		return codec != null && traffic != null && isAtRest(this.decoder.get(codec))
				&& this.pendingResponses.getInt(traffic) == 0 && this.persistent.getBoolean(traffic)
				&& !isAnyHoldingBytes(pipeline);
	}

	/**
	 * Returns how many requests have been read, if only in part, and are not answered to
	 * the end.
	 */
	int requestsRead(ChannelPipeline pipeline) throws IllegalAccessException {
		HttpServerCodec codec = pipeline.get(HttpServerCodec.class);
		ChannelHandler traffic = pipeline.get(NettyPipeline.HttpTrafficHandler);
		if (codec == null || traffic == null) {
			return 0;
		}
		int further = (hasBegun(this.decoder.get(codec)) || isAnyHoldingBytes(pipeline)) ? 1 : 0;
		return this.pendingResponses.getInt(traffic) + further;
	}

	private boolean hasBegun(@Nullable Object httpDecoder) throws IllegalAccessException {
		if (!(httpDecoder instanceof HttpObjectDecoder known)) {
			return false;
		}
		String state = String.valueOf(this.decoderState.get(known));
		return IN_FRONT_OF_A_BODY.contains(state) || (state.equals(BETWEEN_REQUESTS) && holdsBytes(known));
	}

	private boolean isAtRest(@Nullable Object httpDecoder) throws IllegalAccessException {
		return httpDecoder instanceof HttpObjectDecoder known && !holdsBytes(known)
				&& String.valueOf(this.decoderState.get(known)).equals(BETWEEN_REQUESTS);
	}

	private boolean isAnyHoldingBytes(ChannelPipeline pipeline) throws IllegalAccessException {
		for (Map.Entry<String, ChannelHandler> entry : pipeline) {
			if (entry.getValue() instanceof ByteToMessageDecoder other && holdsBytes(other)) {
				return true;
			}
		}
		return false;
	}

	private boolean holdsBytes(ByteToMessageDecoder decoder) throws IllegalAccessException {
		return this.cumulation.get(decoder) instanceof ByteBuf bytes && bytes.isReadable();
	}

}
