package io.github.bootcluster.wire;

import java.io.IOException;

import io.netty.channel.unix.FileDescriptor;

/**
 * Queue of descriptors, first in, first out, which it owns. It holds plain numbers, so
 * that a connection that passes through leaves no garbage. Not safe for use by several
 * threads.
 */
public final class DescriptorQueue {

	private int[] ring = new int[16];

	private int head;

	private int size;

	/**
	 * Takes over a descriptor.
	 */
	public void add(int descriptor) {
		if (this.size == this.ring.length) {
			int[] larger = new int[this.size * 2];
			for (int i = 0; i < this.size; i++) {
				larger[i] = this.ring[(this.head + i) % this.size];
			}
			this.ring = larger;
			this.head = 0;
		}
		this.ring[(this.head + this.size++) % this.ring.length] = descriptor;
	}

	/**
	 * Returns the oldest descriptor, which stays in the queue.
	 * @throws IllegalStateException if the queue is empty
	 */
	public int peek() {
		if (this.size == 0) {
			throw new IllegalStateException("No descriptor is queued");
		}
		return this.ring[this.head];
	}

	/**
	 * Gives the oldest descriptor away.
	 * @return the descriptor, which now belongs to the caller
	 * @throws IllegalStateException if the queue is empty
	 */
	public int remove() {
		int descriptor = peek();
		this.head = (this.head + 1) % this.ring.length;
		this.size--;
		return descriptor;
	}

	/**
	 * Moves all descriptors to another queue, in their order.
	 */
	public void moveTo(DescriptorQueue target) {
		while (this.size > 0) {
			target.add(remove());
		}
	}

	/**
	 * Closes the oldest descriptors.
	 */
	public void close(int count) {
		for (int i = 0; i < count; i++) {
			release(remove());
		}
	}

	/**
	 * Returns the number of descriptors.
	 */
	public int size() {
		return this.size;
	}

	/**
	 * Tells whether there is none.
	 */
	public boolean isEmpty() {
		return this.size == 0;
	}

	/**
	 * Closes a descriptor.
	 * @param descriptor the descriptor, which is nobody's afterwards
	 */
	public static void release(int descriptor) {
		try {
			new FileDescriptor(descriptor).close();
		}
		catch (IOException ex) {
			// The descriptor is released all the same: see close(2)
		}
	}

}
