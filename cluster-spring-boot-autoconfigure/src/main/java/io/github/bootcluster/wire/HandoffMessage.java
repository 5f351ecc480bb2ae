package io.github.bootcluster.wire;

/**
 * What the taking end of a hand-off socket says, one byte for each: a number of
 * descriptors that it has taken, which are the next ones in their order, or, with the
 * highest bit set, a number of connections that it has closed.
 */
final class HandoffMessage {

	/**
	 * Largest number in a message.
	 */
	static final int MAX = 0x7F;

	private HandoffMessage() {
	}

	static byte ofTaken(int count) {
		return (byte) count;
	}

	static byte ofEnded(int count) {
		return (byte) (~MAX | count);
	}

	static int taken(byte message) {
		return (message >= 0) ? message : 0;
	}

	static int ended(byte message) {
		return (message < 0) ? message & MAX : 0;
	}

}
