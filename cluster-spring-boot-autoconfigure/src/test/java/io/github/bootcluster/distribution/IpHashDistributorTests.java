package io.github.bootcluster.distribution;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import io.github.bootcluster.distribution.ConnectionDistributor.Connection;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

class IpHashDistributorTests {

	private static final int CLIENTS = 20_000;

	private final ConnectionDistributor distributor = DistributionStrategy.IP_HASH.newDistributor();

	/**
	 * Addresses as a machine room, a provider and a test have them: neighbours.
	 */
	static Stream<List<Connection>> clients() {
		return Stream.of(clients((i) -> new byte[] { 10, (byte) (i >> 16), (byte) (i >> 8), (byte) i }),
				clients((i) -> new byte[] { (byte) 203, (byte) i, (byte) (i >> 8), 7 }), clients((i) -> new byte[] {
						0x20, 1, 0xd, (byte) 0xb8, 0, 0, (byte) (i >> 8), (byte) i, 0, 0, 0, 0, 0, 0, 0, 1 }));
	}

	private static List<Connection> clients(IntFunction<byte[]> address) {
		return IntStream.range(0, CLIENTS).mapToObj((i) -> from(address.apply(i))).toList();
	}

	@Test
	void sameWorkerForTheSameAddressWhateverThePort() throws UnknownHostException {
		List<TestCandidate> candidates = TestCandidate.inSlots(1, 2, 3, 4, 5, 6, 7, 8);
		InetAddress address = InetAddress.getByName("192.0.2.77");
		int chosen = this.distributor.choose(candidates, () -> new InetSocketAddress(address, 1));
		for (int i = 2; i < 1000; i++) {
			int port = i;
			assertThat(this.distributor.choose(candidates, () -> new InetSocketAddress(address, port)))
				.isEqualTo(chosen);
		}
		assertThat(DistributionStrategy.IP_HASH.newDistributor()
			.choose(candidates, () -> new InetSocketAddress(address, 1))).as("another listener").isEqualTo(chosen);
	}

	@ParameterizedTest
	@MethodSource("clients")
	void addressesAreSpreadEvenly(List<Connection> clients) {
		int[] counts = new int[5];
		slots(TestCandidate.inSlots(1, 2, 3, 4), clients).forEach((slot) -> counts[slot]++);
		for (int slot = 1; slot <= 4; slot++) {
			// Five standard deviations of a binomial distribution
			assertThat(counts[slot]).isCloseTo(CLIENTS / 4, within((int) (5 * Math.sqrt(CLIENTS * 0.25 * 0.75))));
		}
	}

	@ParameterizedTest
	@MethodSource("clients")
	void onlyTheAddressesOfTheWorkerThatGoesMoveAndToAllOthers(List<Connection> clients) {
		List<Integer> before = slots(TestCandidate.inSlots(1, 2, 3, 4), clients);
		List<Integer> after = slots(TestCandidate.inSlots(1, 2, 4), clients);
		int[] counts = new int[5];
		for (int i = 0; i < clients.size(); i++) {
			if (before.get(i) == 3) {
				counts[after.get(i)]++;
			}
			else {
				assertThat(after.get(i)).isEqualTo(before.get(i));
			}
		}
		int moved = counts[1] + counts[2] + counts[4];
		assertThat(counts[3]).isZero();
		for (int slot : new int[] { 1, 2, 4 }) {
			assertThat(counts[slot]).isCloseTo(moved / 3, within((int) (5 * Math.sqrt(moved * 2 / 9.0))));
		}
		assertThat(slots(TestCandidate.inSlots(1, 2, 3, 4), clients)).as("it is back").isEqualTo(before);
	}

	@ParameterizedTest
	@MethodSource("clients")
	void replacementInheritsTheAddressesOfItsSlotAsSoonAsItIsThere(List<Connection> clients) {
		List<TestCandidate> before = List.of(new TestCandidate(1, 1), new TestCandidate(2, 2), new TestCandidate(3, 3));
		List<TestCandidate> during = List.of(before.get(0), before.get(1), new TestCandidate(2, 4), before.get(2));
		List<TestCandidate> after = List.of(before.get(0), during.get(2), before.get(2));
		assertThat(slots(during, clients)).isEqualTo(slots(before, clients));
		assertThat(workers(during, clients)).isEqualTo(workers(after, clients)).doesNotContain(2);
	}

	@Test
	void ipv4AddressIsTheSameWrittenAsIpv6() throws UnknownHostException {
		List<TestCandidate> candidates = TestCandidate.inSlots(1, 2, 3, 4, 5, 6, 7, 8);
		for (int i = 0; i < 256; i++) {
			byte[] mapped = { 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, -1, -1, 10, 1, 2, (byte) i };
			InetAddress inet6 = Inet6Address.getByAddress(null, mapped, 0);
			assertThat(inet6).isInstanceOf(Inet6Address.class);
			assertThat(this.distributor.choose(candidates, () -> new InetSocketAddress(inet6, 1)))
				.isEqualTo(this.distributor.choose(candidates, from(new byte[] { 10, 1, 2, (byte) i })));
		}
	}

	@Test
	void connectionsFromNowhereAreGivenInTurn() {
		List<TestCandidate> candidates = TestCandidate.inSlots(1, 2, 3);
		assertThat(slots(candidates,
				List.of(TestCandidate.NOBODY, TestCandidate.NOBODY,
						() -> InetSocketAddress.createUnresolved("nowhere", 1), TestCandidate.NOBODY)))
			.containsExactly(1, 2, 3, 1);
	}

	private List<Integer> slots(List<TestCandidate> candidates, List<Connection> clients) {
		return clients.stream()
			.map((client) -> candidates.get(this.distributor.choose(candidates, client)).slot())
			.toList();
	}

	private List<Integer> workers(List<TestCandidate> candidates, List<Connection> clients) {
		List<Integer> workers = new ArrayList<>();
		clients.forEach((client) -> workers.add(candidates.get(this.distributor.choose(candidates, client)).worker()));
		return workers;
	}

	private static Connection from(byte[] address) {
		try {
			InetSocketAddress client = new InetSocketAddress(InetAddress.getByAddress(address), 40_000);
			return () -> client;
		}
		catch (UnknownHostException ex) {
			throw new IllegalStateException(ex);
		}
	}

}
