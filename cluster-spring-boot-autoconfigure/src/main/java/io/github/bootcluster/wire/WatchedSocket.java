package io.github.bootcluster.wire;

import java.io.IOException;

import io.netty.channel.IoEventLoop;
import io.netty.channel.IoRegistration;
import io.netty.channel.epoll.EpollIoHandle;
import io.netty.channel.epoll.EpollIoOps;
import io.netty.channel.unix.Socket;
import org.jspecify.annotations.Nullable;

/**
 * Socket that an event loop watches. Everything happens on that loop, from {@link #watch}
 * on.
 */
abstract class WatchedSocket implements EpollIoHandle {

	private final Socket socket;

	private @Nullable IoRegistration registration;

	private boolean closed;

	WatchedSocket(Socket socket) {
		this.socket = socket;
	}

	/**
	 * Has an event loop watch the socket, unless it is closed before that begins.
	 */
	final void watch(IoEventLoop loop) {
		loop.register(this).addListener((future) -> {
			if (!future.isSuccess()) {
				notWatched(future.cause());
				return;
			}
			IoRegistration valid = (IoRegistration) future.getNow();
			if (this.closed) {
				valid.cancel();
				return;
			}
			this.registration = valid;
			watched();
		});
	}

	/**
	 * The event loop watches, and has to be told what for.
	 */
	abstract void watched();

	void notWatched(Throwable cause) {
		close();
	}

	/**
	 * Tells what the event loop is to watch for. An empty set would end the registration.
	 */
	final void submit(EpollIoOps ops) {
		if (this.registration != null && this.registration.isValid()) {
			this.registration.submit(ops);
		}
	}

	/**
	 * Closes the socket once the event loop watches it no more.
	 * @return whether it was still open
	 */
	final boolean closeSocket() {
		Socket open = release();
		if (open != null) {
			close(open, null);
		}
		return open != null;
	}

	/**
	 * Watches no more, as somebody else gets the socket.
	 * @return the socket, or {@code null} if it is closed or somebody else's already
	 */
	final @Nullable Socket release() {
		if (this.closed) {
			return null;
		}
		this.closed = true;
		if (this.registration != null) {
			this.registration.cancel();
		}
		return this.socket;
	}

	final boolean isClosed() {
		return this.closed;
	}

	@Override
	public abstract void close();

	@Override
	public final Socket fd() {
		return this.socket;
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
