package io.github.bootcluster.wire;

import java.util.OptionalLong;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

/**
 * Writes the frames of control connections to the log, for developers of this project.
 * What may be secret stays out: payloads of messages, variables of workers, passwords.
 */
final class FrameLog {

	private static final Log logger = LogFactory.getLog(FrameLog.class);

	private FrameLog() {
	}

	static void sent(OptionalLong peer, Frame frame) {
		write("to", peer, frame);
	}

	static void received(OptionalLong peer, Frame frame) {
		write("from", peer, frame);
	}

	private static void write(String direction, OptionalLong peer, Frame frame) {
		if (logger.isDebugEnabled()) {
			logger.debug("%s %s: %s".formatted(direction,
					peer.isPresent() ? "pid " + peer.getAsLong() : "the other end", describe(frame)));
		}
	}

	static String describe(Frame frame) {
		if (frame instanceof Frame.Carried carried) {
			return "%s[number=%d, ...]".formatted(frame.getClass().getSimpleName(), carried.number());
		}
		if (frame instanceof Frame.Request request && request.operation() instanceof Operation.Fork fork) {
			return "Request[number=%d, operation=Fork%s]".formatted(request.number(), fork.environment().keySet());
		}
		return frame.toString();
	}

}
