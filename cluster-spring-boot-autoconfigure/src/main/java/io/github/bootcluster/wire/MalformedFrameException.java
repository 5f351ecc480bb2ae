package io.github.bootcluster.wire;

import tools.jackson.core.JacksonException;

/**
 * Thrown when bytes on a control socket are not a frame.
 */
class MalformedFrameException extends RuntimeException {

	MalformedFrameException(JacksonException cause) {
		super("Not a frame: " + cause.getOriginalMessage(), cause);
	}

}
