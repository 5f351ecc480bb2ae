package io.github.bootcluster.master.listen;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

import io.netty.util.NetUtil;
import org.jspecify.annotations.Nullable;

/**
 * What the PROXY protocol, version 1 or 2, says of a connection before its first own
 * byte. Only the client is of interest here, which both versions name early; whether the
 * rest is right is for the web server to judge.
 *
 * @param client the client, or {@code null} if there is no header or it names none
 * @see <a href="https://www.haproxy.org/download/3.0/doc/proxy-protocol.txt">The PROXY
 * protocol</a>
 */
record ProxyHeader(@Nullable InetSocketAddress client) {

	/**
	 * More than this is never needed to know the client.
	 */
	static final int LONGEST = 128;

	static final ProxyHeader NONE = new ProxyHeader(null);

	private static final byte[] TEXT = "PROXY ".getBytes(StandardCharsets.US_ASCII);

	/**
	 * With the line's end.
	 */
	private static final int LONGEST_LINE = 107;

	private static final byte[] BINARY = { 0x0D, 0x0A, 0x0D, 0x0A, 0x00, 0x0D, 0x0A, 0x51, 0x55, 0x49, 0x54, 0x0A };

	private static final int BINARY_ADDRESSES = 16;

	private static final int VERSION_2_PROXY = 0x21;

	private static final int INET = 1;

	private static final int INET6 = 2;

	/**
	 * Reads a header.
	 * @param bytes what has come so far, from 0 to the limit
	 * @return the header, or {@code null} if more bytes are needed to know
	 */
	static @Nullable ProxyHeader read(ByteBuffer bytes) {
		if (startsWith(bytes, TEXT)) {
			return (bytes.limit() < TEXT.length) ? null : readLine(bytes);
		}
		if (startsWith(bytes, BINARY)) {
			return (bytes.limit() < BINARY_ADDRESSES) ? null : readBinary(bytes);
		}
		return NONE;
	}

	/**
	 * Compares as many bytes as there are.
	 */
	private static boolean startsWith(ByteBuffer bytes, byte[] beginning) {
		for (int i = 0; i < Math.min(bytes.limit(), beginning.length); i++) {
			if (bytes.get(i) != beginning[i]) {
				return false;
			}
		}
		return true;
	}

	private static @Nullable ProxyHeader readLine(ByteBuffer bytes) {
		int most = Math.min(bytes.limit(), LONGEST_LINE);
		for (int i = TEXT.length; i < most; i++) {
			if (bytes.get(i) == '\n') {
				byte[] line = new byte[i];
				bytes.get(0, line);
				return ofLine(new String(line, StandardCharsets.US_ASCII));
			}
		}
		return (most < LONGEST_LINE) ? null : NONE;
	}

	private static ProxyHeader ofLine(String line) {
		String[] parts = line.split(" ");
		if (parts.length != 6 || !line.endsWith("\r") || !(parts[1].equals("TCP4") || parts[1].equals("TCP6"))) {
			return NONE;
		}
		try {
			return of(NetUtil.createByteArrayFromIpAddressString(parts[2]), Integer.parseInt(parts[4]));
		}
		catch (NumberFormatException ex) {
			return NONE;
		}
	}

	private static @Nullable ProxyHeader readBinary(ByteBuffer bytes) {
		int family = bytes.get(BINARY.length + 1) >> 4;
		int length = bytes.getShort(BINARY.length + 2) & 0xFFFF;
		int addressLength = (family == INET) ? 4 : 16;
		int portAt = BINARY_ADDRESSES + 2 * addressLength;
		if (bytes.get(BINARY.length) != VERSION_2_PROXY || (family != INET && family != INET6)
				|| BINARY_ADDRESSES + length < portAt + 2 * Short.BYTES) {
			return NONE;
		}
		if (bytes.limit() < portAt + Short.BYTES) {
			return null;
		}
		byte[] address = new byte[addressLength];
		bytes.get(BINARY_ADDRESSES, address);
		return of(address, bytes.getShort(portAt) & 0xFFFF);
	}

	private static ProxyHeader of(byte @Nullable [] address, int port) {
		if (address == null || port < 0 || port > 0xFFFF) {
			return NONE;
		}
		try {
			return new ProxyHeader(new InetSocketAddress(InetAddress.getByAddress(address), port));
		}
		catch (UnknownHostException ex) {
			return NONE;
		}
	}

}
