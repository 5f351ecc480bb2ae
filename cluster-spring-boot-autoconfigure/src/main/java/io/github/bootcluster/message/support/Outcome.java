package io.github.bootcluster.message.support;

import java.nio.charset.StandardCharsets;

import io.github.bootcluster.ClusterException;
import io.github.bootcluster.ClusterMessageFailedException;
import io.github.bootcluster.ClusterMessageRejectedException;
import io.github.bootcluster.ClusterUnavailableException;
import io.github.bootcluster.WorkerGoneException;
import io.github.bootcluster.message.ClusterMessages;
import io.github.bootcluster.message.MessageFailure;
import io.github.bootcluster.wire.ControlConnection;
import io.github.bootcluster.wire.Frame;

/**
 * What has become of a message.
 */
public sealed interface Outcome {

	/**
	 * Replies up to that many characters are told whatever waits: a sender has a bounded
	 * number of open requests.
	 */
	int SHORT_REPLY = 256;

	/**
	 * How many bytes may wait on a connection before long replies are dropped.
	 */
	long LONGEST_BACKLOG = 16L * ClusterMessages.MAX_PAYLOAD;

	/**
	 * Returns the frame that tells it.
	 */
	Frame.Settled toFrame(long number);

	/**
	 * Reads a frame.
	 */
	static Outcome of(Frame.Settled frame) {
		if (frame instanceof Frame.Handled handled) {
			return new Handled(handled.reply());
		}
		Frame.Unhandled unhandled = (Frame.Unhandled) frame;
		return new Unhandled(unhandled.failure(), unhandled.reason());
	}

	/**
	 * Returns what there is room to tell: of a reply that would have to wait behind too
	 * much only that it was dropped.
	 */
	static Outcome within(ControlConnection connection, Outcome outcome) {
		if (outcome instanceof Handled handled && handled.reply().length() > SHORT_REPLY
				&& connection.backlog() > LONGEST_BACKLOG) {
			return new Unhandled(MessageFailure.REJECTED,
					"The reply was dropped: %,d bytes wait for its receiver, allowed are %,d"
						.formatted(connection.backlog(), LONGEST_BACKLOG));
		}
		return outcome;
	}

	/**
	 * The message was handled.
	 *
	 * @param reply the reply as JSON, the number of receivers for a broadcast
	 */
	record Handled(String reply) implements Outcome {

		@Override
		public Frame.Settled toFrame(long number) {
			return new Frame.Handled(number, this.reply);
		}

	}

	/**
	 * The message was not handled.
	 *
	 * @param failure what is wrong
	 * @param reason a sentence for people to read
	 */
	record Unhandled(MessageFailure failure, String reason) implements Outcome {

		private static final int LONGEST = 2000;

		public Unhandled {
			String cut = (reason.length() > LONGEST) ? reason.substring(0, LONGEST) : reason;
			// Half of a surrogate pair could not be written to a frame
			reason = new String(cut.getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8);
		}

		@Override
		public Frame.Settled toFrame(long number) {
			return new Frame.Unhandled(number, this.failure, this.reason);
		}

		/**
		 * Returns the exception for the sender.
		 */
		ClusterException toException() {
			return switch (this.failure) {
				case REJECTED -> new ClusterMessageRejectedException(this.reason);
				case GONE -> new WorkerGoneException(this.reason);
				case UNAVAILABLE -> new ClusterUnavailableException(this.reason);
				case NO_LISTENER, UNWRITABLE, UNREADABLE, LISTENER_FAILED ->
					new ClusterMessageFailedException(this.failure, this.reason);
			};
		}

	}

}
