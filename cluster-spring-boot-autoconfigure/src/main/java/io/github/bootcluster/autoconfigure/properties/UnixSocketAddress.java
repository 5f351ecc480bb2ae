package io.github.bootcluster.autoconfigure.properties;

import java.nio.charset.StandardCharsets;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

import org.springframework.core.env.Environment;

/**
 * Path of a Unix socket in {@code server.address}, where Spring Boot knows but IP
 * addresses and host names: {@code /run/app.sock} or {@code unix:/run/app.sock}.
 */
public final class UnixSocketAddress {

	/**
	 * Where a worker keeps the path, which Spring Boot must not see.
	 */
	public static final String INTERNAL_PROPERTY = "cluster.worker.unix-socket";

	private static final String PROPERTY = "server.address";

	private static final String PREFIX = "unix:";

	/**
	 * Longest path of a Unix socket in bytes: {@code sun_path} less its end.
	 */
	private static final int LONGEST = 107;

	private UnixSocketAddress() {
	}

	/**
	 * Finds the path.
	 * @return the path, or empty if the address is another one
	 */
	public static Optional<Path> find(Environment environment) {
		String address = environment.getProperty(PROPERTY, "").trim();
		boolean prefixed = address.startsWith(PREFIX);
		// No address and no name of a host has a slash
		return (prefixed || address.contains("/"))
				? Optional.of(parse(address, prefixed ? address.substring(PREFIX.length()) : address))
				: Optional.empty();
	}

	private static Path parse(String address, String text) {
		try {
			Path path = Path.of(text).normalize();
			if (!path.isAbsolute() || path.getFileName() == null || text.endsWith("/")) {
				throw refused(address, "an absolute path, such as /run/app.sock or unix:/run/app.sock");
			}
			if (path.toString().getBytes(StandardCharsets.UTF_8).length > LONGEST) {
				throw refused(address,
						"a path of at most %d bytes, which is the longest of a Unix socket".formatted(LONGEST));
			}
			return path;
		}
		catch (InvalidPathException ex) {
			throw refused(address, "a path without characters that none may have");
		}
	}

	/**
	 * Refuses a path where workers cannot get the connections of a Unix socket.
	 * @param noHandoffReason why descriptors cannot be passed, or empty if they can
	 */
	public static void check(Environment environment, Optional<String> noHandoffReason) {
		find(environment).ifPresent((path) -> noHandoffReason.ifPresent((reason) -> {
			throw refused(path.toString(),
					"an IP address: the connections of a Unix socket cannot be passed to workers here (%s)"
						.formatted(reason));
		}));
	}

	private static InvalidClusterPropertyException refused(String value, String allowed) {
		return new InvalidClusterPropertyException(PROPERTY, value, allowed);
	}

	/**
	 * Puts the path where Spring Boot does not see it. What else may look at the address
	 * gets one that nobody else can reach.
	 */
	public static Map<String, Object> hide(Path path) {
		return Map.of(INTERNAL_PROPERTY, path.toString(), PROPERTY, "127.0.0.1");
	}

}
