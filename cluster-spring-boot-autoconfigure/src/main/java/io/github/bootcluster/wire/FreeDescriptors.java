package io.github.bootcluster.wire;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.util.concurrent.TimeUnit;

import com.sun.management.UnixOperatingSystemMXBean;
import io.netty.channel.unix.Socket;
import org.jspecify.annotations.Nullable;

/**
 * Whether this process has room for descriptors that come over a socket. The kernel drops
 * one for which there is none, and all that is left of it looks like an empty socket: an
 * ack would then mean the wrong one. They are counted now and then, and while only some
 * are left, one is taken at a time, for which it is tried out before. Any thread may ask.
 */
final class FreeDescriptors {

	/**
	 * Room for what other threads open between two looks.
	 */
	private static final long MIN = 128;

	private static final int SHARE = 16;

	/**
	 * Other threads would have to take all of these within a moment.
	 */
	private static final int TRIED = 8;

	private static final long COUNTED_NANOS = TimeUnit.SECONDS.toNanos(1);

	private static final FreeDescriptors INSTANCE = new FreeDescriptors(
			(ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean unix) ? unix : null);

	private final @Nullable UnixOperatingSystemMXBean system;

	private long credit;

	private long countedAt = System.nanoTime() - COUNTED_NANOS;

	private FreeDescriptors(@Nullable UnixOperatingSystemMXBean system) {
		this.system = system;
	}

	static FreeDescriptors ofThisProcess() {
		return INSTANCE;
	}

	/**
	 * Tells whether there is room for one more, which is taken next.
	 */
	boolean take() {
		return isAmple() || canOpen(TRIED);
	}

	/**
	 * Counts them anew when the next one is taken.
	 */
	synchronized void recount() {
		this.credit = 0;
		this.countedAt = System.nanoTime() - COUNTED_NANOS;
	}

	private synchronized boolean isAmple() {
		if (this.system == null) {
			return true;
		}
		long now = System.nanoTime();
		if (now - this.countedAt > ((this.credit > 0) ? COUNTED_NANOS : 0)) {
			long limit = this.system.getMaxFileDescriptorCount();
			long open = this.system.getOpenFileDescriptorCount();
			// The more are open, the longer takes the count
			this.countedAt = now + TimeUnit.MICROSECONDS.toNanos(Math.max(open, 0) * 100);
			long kept = Math.max(MIN, limit / SHARE);
			this.credit = (open >= 0) ? (limit - open - kept) / 2 : 0;
		}
		return this.credit-- > 0;
	}

	boolean areGone() {
		return !canOpen(1);
	}

	private static boolean canOpen(int count) {
		Socket[] tried = new Socket[count];
		try {
			for (int i = 0; i < count; i++) {
				tried[i] = Socket.newSocketDomain();
			}
			return true;
		}
		catch (RuntimeException ex) {
			// Netty's way to say that there is no descriptor left
			return false;
		}
		finally {
			for (Socket socket : tried) {
				close(socket);
			}
		}
	}

	private static void close(@Nullable Socket socket) {
		if (socket != null) {
			try {
				socket.close();
			}
			catch (IOException ex) {
				// The descriptor is released all the same: see close(2)
			}
		}
	}

}
