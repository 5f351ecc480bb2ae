package io.github.bootcluster.worker;

import java.net.BindException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;

import io.github.bootcluster.wire.Frame;
import io.github.bootcluster.wire.ListenFailure;
import io.netty.util.NetUtil;

/**
 * Thrown in a worker when the master cannot listen on an address. Being a
 * {@link BindException}, it is taken by the web server for what it is.
 */
public class ListenRefusedException extends BindException {

	private final String address;

	private final ListenFailure failure;

	private final String reason;

	ListenRefusedException(SocketAddress address, Frame.ListenFailed answer) {
		super("The master cannot listen on %s: %s".formatted(format(address), answer.reason()));
		this.address = format(address);
		this.failure = answer.failure();
		this.reason = answer.reason();
	}

	/**
	 * Without the slash that the JDK puts before a literal address.
	 * @return host and port, or the path of a Unix socket
	 */
	private static String format(SocketAddress address) {
		return (address instanceof InetSocketAddress inet) ? NetUtil.toSocketAddressString(inet) : address.toString();
	}

	/**
	 * Returns the address that was asked for.
	 * @return the literal address and the port, or the path of a Unix socket
	 */
	public String getAddress() {
		return this.address;
	}

	/**
	 * Returns what kind of failure it is.
	 */
	public ListenFailure getFailure() {
		return this.failure;
	}

	/**
	 * Returns the words of the operating system.
	 */
	public String getReason() {
		return this.reason;
	}

}
