package io.github.bootcluster.worker;

import java.net.BindException;
import java.net.InetSocketAddress;

import io.github.bootcluster.wire.Frame;
import io.github.bootcluster.wire.ListenFailure;

/**
 * Thrown in a worker when the master cannot listen on an address. Being a
 * {@link BindException}, it is taken by the web server for what it is.
 */
public class ListenRefusedException extends BindException {

	private final transient InetSocketAddress address;

	private final ListenFailure failure;

	private final String reason;

	ListenRefusedException(InetSocketAddress address, Frame.ListenFailed answer) {
		super("The master cannot listen on %s: %s".formatted(address, answer.reason()));
		this.address = address;
		this.failure = answer.failure();
		this.reason = answer.reason();
	}

	/**
	 * Returns the address that was asked for.
	 * @return the address
	 */
	public InetSocketAddress getAddress() {
		return this.address;
	}

	/**
	 * Returns what kind of failure it is.
	 * @return the failure
	 */
	public ListenFailure getFailure() {
		return this.failure;
	}

	/**
	 * Returns the words of the operating system.
	 * @return the reason
	 */
	public String getReason() {
		return this.reason;
	}

}
