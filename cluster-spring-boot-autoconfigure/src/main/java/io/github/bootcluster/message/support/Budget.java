package io.github.bootcluster.message.support;

import io.github.bootcluster.message.ClusterMessages;

/**
 * How many messages may be under way at a time, and how large they may be together. It
 * may be used by any thread.
 */
public final class Budget {

	/**
	 * What a message takes beside its payload, about.
	 */
	private static final int OVERHEAD = 256;

	private final int mostMessages;

	private final long mostBytes;

	private int messages;

	private long bytes;

	/**
	 * Creates a budget.
	 */
	public Budget(int mostMessages, long mostBytes) {
		this.mostMessages = mostMessages;
		this.mostBytes = mostBytes;
	}

	/**
	 * Returns what a receiver may have under way in the master. A few of the largest
	 * messages fit.
	 */
	public static Budget ofReceiver() {
		return new Budget(1024, 8L * ClusterMessages.MAX_PAYLOAD);
	}

	/**
	 * Returns what a sender may have under way, to whomever. It is more than a receiver's
	 * so that one that is slow does not keep a sender from the others.
	 */
	public static Budget ofSender() {
		return new Budget(4096, 24L * ClusterMessages.MAX_PAYLOAD);
	}

	/**
	 * Takes room for a message if there is some.
	 */
	synchronized boolean take(int size) {
		if (this.messages >= this.mostMessages || this.bytes + size + OVERHEAD > this.mostBytes) {
			return false;
		}
		this.messages++;
		this.bytes += size + OVERHEAD;
		return true;
	}

	synchronized void giveBack(int size) {
		this.messages--;
		this.bytes -= size + OVERHEAD;
	}

	@Override
	public synchronized String toString() {
		return "%,d messages of %,d bytes wait, allowed are %,d of %,d".formatted(this.messages, this.bytes,
				this.mostMessages, this.mostBytes);
	}

}
