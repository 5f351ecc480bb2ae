package io.github.bootcluster.master.listen;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;

import io.github.bootcluster.wire.DescriptorQueue;
import io.github.bootcluster.wire.Envelopes;
import io.netty.channel.IoEventLoop;
import io.netty.channel.unix.Socket;

/**
 * Connections of one listener on their way to its dispatcher: a load balancer tells in
 * their first bytes who the client is. What was read goes along, so that the worker reads
 * all that was sent. A connection without such a header, or that says nothing for too
 * long, goes on as it is; whether that is right is for the web server to judge. None
 * holds up another. Everything happens on one event loop.
 */
final class ProxiedConnections {

	/**
	 * A balancer sends the header with the first packet.
	 */
	private static final long TIMEOUT_MILLIS = 5000;

	/**
	 * Most connections that may owe their header; beyond, the oldest goes on as it is.
	 */
	private static final int MAX = 256;

	private static final long RETRY_MILLIS = 10;

	private final IoEventLoop loop;

	private final Envelopes envelopes;

	private final Dispatcher dispatcher;

	private final Runnable dispatched;

	private final Set<ProxiedConnection> pending = new LinkedHashSet<>();

	/**
	 * How many are tried again, of which enough is known.
	 */
	private int retries;

	private final ByteBuffer buffer = ByteBuffer.allocateDirect(ProxyHeader.LONGEST);

	ProxiedConnections(IoEventLoop loop, Envelopes envelopes, Dispatcher dispatcher, Runnable dispatched) {
		this.loop = loop;
		this.envelopes = envelopes;
		this.dispatcher = dispatcher;
		this.dispatched = dispatched;
	}

	void accept(int descriptor) {
		ProxiedConnection connection = new ProxiedConnection(new Socket(descriptor), this);
		if (connection.read(this.buffer)) {
			return;
		}
		this.pending.add(connection);
		connection.await(this.loop, TIMEOUT_MILLIS);
		if (this.pending.size() > MAX) {
			this.pending.iterator().next().settle();
		}
	}

	/**
	 * Reads what has come from a connection that waited for it.
	 */
	void readable(ProxiedConnection connection) {
		if (connection.read(this.buffer)) {
			this.dispatched.run();
		}
	}

	/**
	 * Takes a connection over of which enough is known.
	 */
	void settled(ProxiedConnection connection, ProxyHeader header) {
		this.pending.remove(connection);
		InetSocketAddress client = (header.client() != null) ? header.client() : connection.peer();
		try {
			this.buffer.clear().put(connection.beginning()).flip();
			this.dispatcher.dispatch(this.envelopes.seal(connection.fd().intValue(), this.buffer), client);
		}
		catch (IOException ex) {
			// No descriptor is left, or too many are on their way: not for long
			this.retries++;
			this.loop.schedule(() -> {
				this.retries--;
				settled(connection, header);
				this.dispatched.run();
			}, RETRY_MILLIS, TimeUnit.MILLISECONDS);
		}
	}

	/**
	 * Hears that a connection was settled that nothing had come from.
	 */
	void wasSettled() {
		this.dispatched.run();
	}

	void ended(ProxiedConnection connection) {
		this.pending.remove(connection);
		DescriptorQueue.release(connection.fd().intValue());
	}

	boolean isEmpty() {
		return this.pending.isEmpty() && this.retries == 0;
	}

	/**
	 * Lets all go on that still wait.
	 */
	void settleAll() {
		for (ProxiedConnection connection : List.copyOf(this.pending)) {
			connection.settle();
		}
	}

}
