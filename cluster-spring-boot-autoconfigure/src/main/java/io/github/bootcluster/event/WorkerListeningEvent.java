package io.github.bootcluster.event;

import io.github.bootcluster.ClusterWorker;
import io.github.bootcluster.ListenerKind;

/**
 * Published each time a worker has bound an address.
 */
public final class WorkerListeningEvent extends WorkerEvent {

	private final String address;

	private final int port;

	private final ListenerKind kind;

	public WorkerListeningEvent(ClusterWorker worker, String address, int port, ListenerKind kind) {
		super(worker);
		this.address = address;
		this.port = port;
		this.kind = kind;
	}

	/**
	 * Returns the literal IP address that is bound, or the path of a Unix socket.
	 * @return the address
	 */
	public String getAddress() {
		return this.address;
	}

	/**
	 * Returns the port that is bound.
	 * @return the port, -1 of a Unix socket
	 */
	public int getPort() {
		return this.port;
	}

	/**
	 * Returns how the worker gets its connections.
	 * @return the kind of listener
	 */
	public ListenerKind getKind() {
		return this.kind;
	}

}
