package io.github.bootcluster.worker.netty;

import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.ChannelPipeline;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;
import reactor.netty.channel.ChannelOperations;

/**
 * Tells whether an HTTP/1.1 connection of Reactor Netty lies between two requests, to the
 * byte. Neither Netty nor Reactor Netty tells whether a decoder has read the beginning of
 * a request, or not yet the end of one that was answered early; handlers that kept
 * account of it would cost every connection and every request, for a question that is
 * asked while a worker drains. So it is read from their fields. With a version of theirs
 * that names these otherwise no connection may move, and one counts as idle that has no
 * request under way as far as Reactor Netty tells. The event loop of the connection calls
 * all methods.
 */
final class HttpConnectionState {

	private static final Log logger = LogFactory.getLog(HttpConnectionState.class);

	private final @Nullable HttpConnectionFields fields;

	private HttpConnectionState(@Nullable HttpConnectionFields fields) {
		this.fields = fields;
	}

	static HttpConnectionState find() {
		return find(HttpConnectionFields.TRAFFIC_HANDLER);
	}

	static HttpConnectionState find(String trafficHandler) {
		try {
			return new HttpConnectionState(new HttpConnectionFields(trafficHandler));
		}
		catch (ReflectiveOperationException | RuntimeException ex) {
			logger.warn("Idle connections cannot move to other workers and are closed instead: this version of Netty "
					+ "or Reactor Netty is not known (%s)".formatted(ex.getMessage()));
			return new HttpConnectionState(null);
		}
	}

	/**
	 * Tells whether a connection lies between two requests: all bytes that were read
	 * belong to requests whose responses are written.
	 */
	boolean isBetweenRequests(ChannelPipeline pipeline) {
		try {
			return this.fields != null && isUnused(pipeline) && this.fields.isBetweenRequests(pipeline);
		}
		catch (IllegalAccessException ex) {
			return false;
		}
	}

	/**
	 * Tells whether a connection may be closed, as far as that can be known.
	 */
	boolean isIdle(ChannelPipeline pipeline) {
		return (this.fields != null) ? isBetweenRequests(pipeline) : isUnused(pipeline);
	}

	/**
	 * Returns how many requests have been read, if only in part, and are not answered to
	 * the end.
	 * @return the number, 0 if it is not known
	 */
	int requestsRead(ChannelPipeline pipeline) {
		try {
			return (this.fields != null) ? this.fields.requestsRead(pipeline) : 0;
		}
		catch (IllegalAccessException ex) {
			return 0;
		}
	}

	private static boolean isUnused(ChannelPipeline pipeline) {
		ChannelOutboundBuffer buffer = pipeline.channel().unsafe().outboundBuffer();
		return ChannelOperations.get(pipeline.channel()) == null && buffer != null && buffer.isEmpty();
	}

}
