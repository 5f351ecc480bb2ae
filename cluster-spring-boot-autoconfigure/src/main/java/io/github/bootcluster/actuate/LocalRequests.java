package io.github.bootcluster.actuate;

import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

import org.jspecify.annotations.Nullable;

import org.springframework.http.HttpHeaders;

/**
 * Tells requests that may come from the machine itself from all others: the peer has a
 * loopback address, nothing forwarded the request, its target and {@code Host} name the
 * machine, so that no name of a stranger's domain was bound to it, and {@code Origin}, if
 * there is one, does so too. {@link TrustedAccounts} tells a proxy that changes all that
 * from a local client.
 * <p>
 * A peer without an address is refused: the far end of a Unix domain socket is as a rule
 * a proxy.
 */
final class LocalRequests {

	private static final String FORWARDED_PREFIX = "x-forwarded";

	private static final Set<String> FORWARDING = Set.of("forwarded", "via", "x-real-ip", "x-client-ip",
			"x-cluster-client-ip", "x-original-forwarded-for", "x-envoy-external-address", "true-client-ip",
			"cf-connecting-ip");

	private static final String OCTET = "(25[0-5]|2[0-4]\\d|1\\d\\d|[1-9]?\\d)";

	private static final String AUTHORITY = "(localhost|127(\\." + OCTET + "){3}|\\[::1])(:\\d{1,5})?";

	private static final Pattern LOOPBACK_HOST = Pattern.compile(AUTHORITY, Pattern.CASE_INSENSITIVE);

	private static final Pattern LOOPBACK_ORIGIN = Pattern.compile("https?://" + AUTHORITY, Pattern.CASE_INSENSITIVE);

	// A target with an authority of its own wins over Host
	private static final Pattern LOCAL_TARGET = Pattern.compile("/.*|https?://" + AUTHORITY + "([/?#].*)?",
			Pattern.CASE_INSENSITIVE | Pattern.DOTALL);

	private LocalRequests() {
	}

	/**
	 * Finds what speaks against a request.
	 * @return the objection, or {@code null} if all that it says is local
	 */
	static @Nullable String findObjection(ReceivedRequest request) {
		HttpHeaders headers = request.headers();
		if (!isLoopback(request.peer()) || !isLoopback(request.client())) {
			return "it does not come from a loopback address";
		}
		if (headers.headerNames().stream().anyMatch(LocalRequests::isForwarding)) {
			return "it was forwarded by a proxy";
		}
		if (!LOCAL_TARGET.matcher(request.target()).matches()) {
			return "its target does not name the loopback interface";
		}
		List<String> hosts = headers.getOrEmpty(HttpHeaders.HOST);
		if (hosts.size() != 1 || !LOOPBACK_HOST.matcher(hosts.get(0)).matches()) {
			return "its Host header does not name the loopback interface";
		}
		if (!headers.getOrEmpty(HttpHeaders.ORIGIN).stream().allMatch(LOOPBACK_ORIGIN.asMatchPredicate())) {
			return "its Origin header is foreign";
		}
		return null;
	}

	private static boolean isLoopback(@Nullable SocketAddress address) {
		return address instanceof InetSocketAddress inet && inet.getAddress() != null
				&& inet.getAddress().isLoopbackAddress();
	}

	private static boolean isForwarding(String header) {
		String name = header.toLowerCase(Locale.ROOT);
		return name.startsWith(FORWARDED_PREFIX) || FORWARDING.contains(name);
	}

}
