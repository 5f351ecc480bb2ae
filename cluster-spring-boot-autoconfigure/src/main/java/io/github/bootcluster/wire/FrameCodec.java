package io.github.bootcluster.wire;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.List;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufInputStream;
import io.netty.buffer.ByteBufOutputStream;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.LengthFieldBasedFrameDecoder;
import io.netty.handler.codec.LengthFieldPrepender;
import io.netty.handler.codec.MessageToMessageCodec;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.json.JsonMapper;

/**
 * Frames as JSON behind a length of four bytes. What is not a frame ends the connection
 * with a {@link MalformedFrameException}.
 */
final class FrameCodec extends MessageToMessageCodec<ByteBuf, Frame> {

	/**
	 * Longest frame, in bytes. The status of 1,024 slots, each with two workers and the
	 * reason of its last exit, takes some 1.5 MB; a thread dump of 512 KiB takes twice
	 * that if every other character has to be escaped.
	 */
	static final int MAX_LENGTH = 4 * 1024 * 1024;

	private static final int LENGTH_FIELD = 4;

	private static final JsonMapper MAPPER = JsonMapper.builder()
		.enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
		.disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
		.build();

	private FrameCodec() {
	}

	static void install(ChannelPipeline pipeline) {
		pipeline.addLast(new LengthFieldBasedFrameDecoder(MAX_LENGTH, 0, LENGTH_FIELD, 0, LENGTH_FIELD));
		pipeline.addLast(new LengthFieldPrepender(LENGTH_FIELD));
		pipeline.addLast(new FrameCodec());
	}

	@Override
	protected void encode(ChannelHandlerContext context, Frame frame, List<Object> out) throws IOException {
		ByteBuf buffer = context.alloc().buffer();
		try (OutputStream stream = new ByteBufOutputStream(buffer)) {
			MAPPER.writeValue(stream, frame);
			out.add(buffer.retain());
		}
		finally {
			buffer.release();
		}
	}

	@Override
	protected void decode(ChannelHandlerContext context, ByteBuf buffer, List<Object> out) throws IOException {
		try (InputStream stream = new ByteBufInputStream(buffer)) {
			@Nullable Frame frame = MAPPER.readValue(stream, Frame.class);
			if (frame == null) {
				throw new MalformedFrameException();
			}
			out.add(frame);
		}
		catch (JacksonException ex) {
			throw new MalformedFrameException(ex);
		}
	}

}
