package io.github.bootcluster.distribution;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;

/**
 * Gives all connections from one address to the same worker, as nginx's {@code ip_hash}
 * does. Each slot draws a number for the address, always the same one, and the highest
 * wins (rendezvous hashing, Thaler and Ravishankar, 1996): when a slot drops out, only
 * its own addresses move, each to the slot that drew the next highest number, and they
 * come back with it. The replacement of a worker inherits its addresses with its slot, as
 * soon as it can take connections. Connections from nowhere are given in turn.
 */
final class IpHashDistributor implements ConnectionDistributor {

	/**
	 * An IPv4 address as IPv6 writes it has this in front.
	 */
	private static final byte[] IPV4_MAPPED = { 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, -1, -1 };

	private final ConnectionDistributor withoutAddress = new RoundRobinDistributor();

	@Override
	public int choose(List<? extends Candidate> candidates, Connection connection) {
		InetSocketAddress client = connection.client();
		InetAddress address = (client != null) ? client.getAddress() : null;
		if (address == null) {
			return this.withoutAddress.choose(candidates, connection);
		}
		long hash = hash(address.getAddress());
		int chosen = 0;
		long highest = Long.MIN_VALUE;
		for (int i = 0; i < candidates.size(); i++) {
			long drawn = mix(hash ^ mix(candidates.get(i).slot()));
			// The later one of a slot is the replacement
			if (drawn >= highest) {
				chosen = i;
				highest = drawn;
			}
		}
		return chosen;
	}

	private static long hash(byte[] address) {
		long hash = 0;
		for (int i = isMapped(address) ? IPV4_MAPPED.length : 0; i < address.length; i++) {
			hash = mix(hash + (address[i] & 0xFF) + 1);
		}
		return hash;
	}

	private static boolean isMapped(byte[] address) {
		if (address.length != IPV4_MAPPED.length + 4) {
			return false;
		}
		for (int i = 0; i < IPV4_MAPPED.length; i++) {
			if (address[i] != IPV4_MAPPED[i]) {
				return false;
			}
		}
		return true;
	}

	/**
	 * Spreads similar numbers, as neighbouring addresses are: the last steps of
	 * MurmurHash3 with the constants of its author, Austin Appleby.
	 * @param number the number
	 * @return a number of which each bit depends on each of the given one's
	 */
	private static long mix(long number) {
		long mixed = number;
		mixed = (mixed ^ (mixed >>> 33)) * 0xff51afd7ed558ccdL;
		mixed = (mixed ^ (mixed >>> 33)) * 0xc4ceb9fe1a85ec53L;
		return mixed ^ (mixed >>> 33);
	}

}
