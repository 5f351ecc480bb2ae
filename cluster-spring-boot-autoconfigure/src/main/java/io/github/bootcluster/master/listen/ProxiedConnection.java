package io.github.bootcluster.master.listen;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.concurrent.TimeUnit;

import io.netty.channel.IoEvent;
import io.netty.channel.IoEventLoop;
import io.netty.channel.IoRegistration;
import io.netty.channel.epoll.EpollIoHandle;
import io.netty.channel.epoll.EpollIoOps;
import io.netty.channel.unix.Socket;
import io.netty.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/**
 * Connection that owes its PROXY header. It owns the descriptor until it has told
 * {@link ProxiedConnections} what is known of it, or that it has ended.
 */
final class ProxiedConnection implements EpollIoHandle {

	private final Socket socket;

	private final ProxiedConnections owner;

	private byte[] beginning = new byte[0];

	private @Nullable IoRegistration registration;

	private @Nullable Future<?> timeout;

	private boolean settled;

	ProxiedConnection(Socket socket, ProxiedConnections owner) {
		this.socket = socket;
		this.owner = owner;
	}

	/**
	 * Reads what has come.
	 * @param buffer a direct buffer, large enough for any header
	 */
	boolean read(ByteBuffer buffer) {
		buffer.clear().put(this.beginning);
		ProxyHeader header = null;
		try {
			int count = this.socket.recv(buffer, buffer.position(), buffer.capacity());
			if (count < 0) {
				end();
				return true;
			}
			buffer.limit(this.beginning.length + count);
			header = ProxyHeader.read(buffer);
		}
		catch (IOException ex) {
			end();
			return true;
		}
		this.beginning = new byte[buffer.limit()];
		buffer.get(0, this.beginning);
		if (header == null) {
			return false;
		}
		settle(header);
		return true;
	}

	/**
	 * Waits for what is still to come.
	 */
	void await(IoEventLoop loop, long timeoutMillis) {
		this.timeout = loop.schedule(this::expired, timeoutMillis, TimeUnit.MILLISECONDS);
		loop.register(this).addListener((future) -> {
			if (future.isSuccess() && future.getNow() instanceof IoRegistration valid) {
				this.registration = valid;
				if (this.settled) {
					valid.cancel();
				}
				else {
					valid.submit(EpollIoOps.EPOLLIN);
				}
			}
		});
	}

	private void expired() {
		if (!this.settled) {
			settle();
			this.owner.wasSettled();
		}
	}

	/**
	 * Goes on as it is.
	 */
	void settle() {
		settle(ProxyHeader.NONE);
	}

	private void settle(ProxyHeader header) {
		leave();
		this.owner.settled(this, header);
	}

	private void end() {
		leave();
		this.owner.ended(this);
	}

	private void leave() {
		this.settled = true;
		if (this.timeout != null) {
			this.timeout.cancel(false);
		}
		if (this.registration != null) {
			// Before the descriptor goes elsewhere
			this.registration.cancel();
		}
	}

	byte[] beginning() {
		return this.beginning;
	}

	@Nullable InetSocketAddress peer() {
		return DispatchedConnection.lookUp(this.socket.intValue());
	}

	@Override
	public Socket fd() {
		return this.socket;
	}

	@Override
	public void handle(IoRegistration registration, IoEvent event) {
		if (!this.settled) {
			this.owner.readable(this);
		}
	}

	/**
	 * The event loop ends: nobody will be served any more.
	 */
	@Override
	public void close() {
		if (!this.settled) {
			end();
		}
	}

}
