package io.github.bootcluster.master.listen;

import java.io.IOException;
import java.lang.management.ManagementFactory;

import com.sun.management.UnixOperatingSystemMXBean;
import io.netty.channel.unix.Socket;

/**
 * File descriptors of this process that connections must leave alone: with none left, no
 * worker could be forked that takes the connections. It is told by number, as the kernel
 * gives out the lowest that is free.
 */
final class DescriptorReserve {

	/**
	 * Enough for the pipes of some forks, for the sockets and the output of their
	 * workers, and for what the JVM opens meanwhile.
	 */
	private static final long MIN = 48;

	/**
	 * The more files are allowed, the more workers there may be.
	 */
	private static final int SHARE = 8;

	private final long first;

	DescriptorReserve(long limit) {
		this.first = limit - Math.max(MIN, limit / SHARE);
	}

	static DescriptorReserve ofThisProcess() {
		return new DescriptorReserve(
				(ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean system)
						? system.getMaxFileDescriptorCount() : Long.MAX_VALUE);
	}

	/**
	 * Tells whether a descriptor that was just opened is one of the reserve.
	 */
	boolean contains(int descriptor) {
		return descriptor >= this.first;
	}

	/**
	 * Tells whether the next descriptor would be one of the reserve, or there is none.
	 */
	boolean isNext() {
		try {
			Socket next = Socket.newSocketDomain();
			next.close();
			return contains(next.intValue());
		}
		catch (IOException | RuntimeException ex) {
			return true;
		}
	}

}
