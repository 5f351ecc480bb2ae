package io.github.bootcluster.actuate;

import java.io.BufferedReader;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;

import org.jspecify.annotations.Nullable;

/**
 * Finds the account that the other end of a connection within this machine belongs to, in
 * the kernel's tables of TCP sockets.
 */
class SocketOwners {

	private static final int LOCAL = 1;

	private static final int REMOTE = 2;

	private static final int USER = 7;

	private static final int INODE = 9;

	private static final int HEX = 16;

	private static final int DIGITS_OF_BYTE = 2;

	private static final String ALL_MAPPED = "0 0 4294967295";

	private final Path folder;

	private final @Nullable Integer unmapped;

	SocketOwners(Path folder, @Nullable Integer unmapped) {
		this.folder = folder;
		this.unmapped = unmapped;
	}

	static SocketOwners ofThisSystem() {
		Path proc = Path.of("/proc");
		return new SocketOwners(proc.resolve("self/net"), unmapped(proc));
	}

	/**
	 * Returns the number that stands for every user whom this process's user namespace
	 * does not know.
	 * @return the number, or {@code null} if the namespace knows all users
	 */
	static @Nullable Integer unmapped(Path proc) {
		// The kernel tells such a value to a single read only, and readString has two
		try (BufferedReader number = Files.newBufferedReader(proc.resolve("sys/kernel/overflowuid"))) {
			String map = Files.readString(proc.resolve("self/uid_map")).strip().replaceAll("\\s+", " ");
			return map.equals(ALL_MAPPED) ? null : Integer.valueOf(number.readLine());
		}
		catch (IOException | NumberFormatException ex) {
			return null;
		}
	}

	/**
	 * Finds the owner of the socket at the other end of a connection.
	 * @return the number of the user, or {@code null} if that can't be found out
	 */
	@Nullable Integer find(@Nullable SocketAddress peer, @Nullable SocketAddress local) {
		if (!(peer instanceof InetSocketAddress theirs) || !(local instanceof InetSocketAddress ours)) {
			return null;
		}
		// A client may use a socket of IPv6 for an address of IPv4
		Integer owner = find("tcp", theirs, ours);
		if (owner == null) {
			owner = find("tcp6", theirs, ours);
		}
		return Objects.equals(owner, this.unmapped) ? null : owner;
	}

	private @Nullable Integer find(String table, InetSocketAddress peer, InetSocketAddress local) {
		try (BufferedReader rows = Files.newBufferedReader(this.folder.resolve(table), StandardCharsets.US_ASCII)) {
			rows.readLine();
			for (String row = rows.readLine(); row != null; row = rows.readLine()) {
				String[] fields = row.strip().split("\\s+");
				// The other end's own row is ours with both addresses exchanged
				if (fields.length > INODE && isPort(fields[LOCAL], peer) && isPort(fields[REMOTE], local)
						&& peer.equals(address(fields[LOCAL])) && local.equals(address(fields[REMOTE]))
						&& hasOwner(fields)) {
					return Integer.parseUnsignedInt(fields[USER]);
				}
			}
			return null;
		}
		catch (IOException | IllegalArgumentException ex) {
			return null;
		}
	}

	// What has been closed is nobody's any more, and its row says root

	private static boolean hasOwner(String[] fields) {
		return !fields[INODE].equals("0");
	}

	private static boolean isPort(String field, InetSocketAddress address) {
		int colon = field.lastIndexOf(':');
		return Integer.parseInt(field, colon + 1, field.length(), HEX) == address.getPort();
	}

	private static InetSocketAddress address(String field) throws UnknownHostException {
		int colon = field.lastIndexOf(':');
		int digitsOfWord = Integer.BYTES * DIGITS_OF_BYTE;
		// Words in the order of the processor, each of which holds four bytes in that of
		// the network
		ByteBuffer bytes = ByteBuffer.allocate(colon / DIGITS_OF_BYTE).order(ByteOrder.nativeOrder());
		for (int i = 0; i < colon; i += digitsOfWord) {
			bytes.putInt(Integer.parseUnsignedInt(field, i, i + digitsOfWord, HEX));
		}
		return new InetSocketAddress(InetAddress.getByAddress(bytes.array()),
				Integer.parseInt(field, colon + 1, field.length(), HEX));
	}

}
