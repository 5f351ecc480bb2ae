package io.github.bootcluster.wire;

import java.io.IOException;

import io.netty.channel.IoRegistration;
import io.netty.channel.unix.Socket;
import org.jspecify.annotations.Nullable;

/**
 * How a socket ends that an event loop watches.
 */
final class WatchedSocket {

	private WatchedSocket() {
	}

	/**
	 * Closes a socket once the event loop watches it no more.
	 * @param registration the event loop's, or {@code null} if there is none yet
	 */
	static void close(Socket socket, @Nullable IoRegistration registration) {
		if (registration != null) {
			registration.cancel();
		}
		try {
			socket.close();
		}
		catch (IOException ex) {
			// The descriptor is released all the same: see close(2)
		}
	}

}
