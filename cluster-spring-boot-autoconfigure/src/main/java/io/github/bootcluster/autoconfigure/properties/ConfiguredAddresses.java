package io.github.bootcluster.autoconfigure.properties;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

import io.github.bootcluster.master.listen.WorkerAddresses;
import io.github.bootcluster.process.WorkerAccount;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.core.env.Environment;

/**
 * Addresses that the master was configured with, where it listens for workers of another
 * account whatever that account may do itself.
 */
public final class ConfiguredAddresses {

	private static final String PROPERTY = "cluster.worker.addresses";

	private static final String ALLOWED = "a port, a host and a port (127.0.0.1:80, [::1]:80), or the path of a Unix "
			+ "socket";

	private static final List<String> SERVERS = List.of("server", "management.server", "spring.rsocket.server",
			"spring.grpc.server");

	private static final int DEFAULT_PORT = 8080;

	private static final int LAST_PORT = 0xFFFF;

	private final List<InetSocketAddress> ports = new ArrayList<>();

	private final Set<Path> paths = new HashSet<>();

	private ConfiguredAddresses() {
	}

	public static WorkerAddresses of(ClusterProperties properties, Environment environment) {
		WorkerAccount account = WorkerAccounts.of(properties.worker());
		if (account == null) {
			return WorkerAddresses.any();
		}
		ConfiguredAddresses addresses = find(properties, environment);
		return WorkerAddresses.of(account, addresses.ports, addresses.paths);
	}

	static ConfiguredAddresses find(ClusterProperties properties, Environment environment) {
		ConfiguredAddresses addresses = new ConfiguredAddresses();
		properties.worker().addresses().forEach(addresses::add);
		Binder binder = Binder.get(environment);
		Optional<Path> path = UnixSocketAddress.find(environment);
		path.ifPresent(addresses.paths::add);
		for (String server : SERVERS) {
			int port = binder.bind(server + ".port", String.class)
				.map(ConfiguredAddresses::port)
				.orElse(server.equals("server") ? DEFAULT_PORT : 0);
			addresses.add(path.isPresent() ? null : binder.bind(server + ".address", String.class).orElse(null), port);
		}
		String host = path.isPresent() ? null : environment.getProperty("server.address");
		properties.groups().values().forEach((group) -> addresses.add(host, (group.port() != null) ? group.port() : 0));
		return addresses;
	}

	/**
	 * Reads a port. One by slot is no number in the master.
	 * @return the port, 0 if it is none
	 */
	private static int port(String port) {
		try {
			return Integer.parseInt(port.trim());
		}
		catch (NumberFormatException ex) {
			return 0;
		}
	}

	List<String> describe() {
		return Stream
			.concat(this.ports.stream()
				.map((port) -> (port.getAddress().isAnyLocalAddress() ? "*" : port.getAddress().getHostAddress()) + ":"
						+ port.getPort()),
					this.paths.stream().map(Path::toString))
			.toList();
	}

	private void add(@Nullable String host, int port) {
		if (port > 0 && port <= LAST_PORT) {
			try {
				this.ports.add((host != null && !host.isBlank())
						? new InetSocketAddress(InetAddress.getByName(host), port) : new InetSocketAddress(port));
			}
			catch (UnknownHostException ex) {
				// The worker's own start tells that
			}
		}
	}

	private void add(String address) {
		if (address.startsWith("/")) {
			try {
				this.paths.add(Path.of(address).normalize());
				return;
			}
			catch (InvalidPathException ex) {
				throw new InvalidClusterPropertyException(PROPERTY, address, ALLOWED);
			}
		}
		int colon = address.lastIndexOf(':');
		int before = this.ports.size();
		try {
			add((colon > 0) ? address.substring(0, colon) : null, Integer.parseInt(address.substring(colon + 1)));
		}
		catch (NumberFormatException ex) {
			throw new InvalidClusterPropertyException(PROPERTY, address, ALLOWED);
		}
		if (this.ports.size() == before) {
			throw new InvalidClusterPropertyException(PROPERTY, address, ALLOWED);
		}
	}

}
