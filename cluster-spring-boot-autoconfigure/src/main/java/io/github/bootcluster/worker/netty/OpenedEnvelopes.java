package io.github.bootcluster.worker.netty;

import java.io.IOException;
import java.nio.ByteBuffer;

import io.github.bootcluster.wire.Envelopes;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import org.jspecify.annotations.Nullable;

/**
 * Opens the envelopes of one listener, one after another.
 */
final class OpenedEnvelopes {

	/**
	 * More than a master ever reads.
	 */
	private static final int LONGEST = 4096;

	private final ByteBuffer buffer = ByteBuffer.allocateDirect(LONGEST);

	/**
	 * Opens an envelope.
	 * @return the connection's descriptor, which belongs to the caller
	 */
	int open(int envelope) throws IOException {
		return Envelopes.unseal(envelope, this.buffer);
	}

	/**
	 * Returns what the master has read from the connection that was opened last.
	 * @return a copy, which belongs to the caller, or {@code null} if it was nothing
	 */
	@Nullable ByteBuf beginning() {
		return (this.buffer.limit() > 0) ? Unpooled.copiedBuffer(this.buffer.rewind()) : null;
	}

}
