package io.github.bootcluster.wire;

import tools.jackson.core.JacksonException;

/**
 * Thrown when bytes on a control socket are not a frame.
 */
class MalformedFrameException extends RuntimeException {

	/**
	 * What the other end has sent may be quoted in the message: it must not fill the log.
	 */
	private static final int MAX_MESSAGE = 300;

	MalformedFrameException(JacksonException cause) {
		super("Not a frame: " + firstLine(String.valueOf(cause.getOriginalMessage())), cause);
	}

	MalformedFrameException() {
		super("Not a frame: null");
	}

	private static String firstLine(String message) {
		String line = message.lines().findFirst().orElse("");
		return (line.length() > MAX_MESSAGE) ? line.substring(0, MAX_MESSAGE) + "…" : line;
	}

}
