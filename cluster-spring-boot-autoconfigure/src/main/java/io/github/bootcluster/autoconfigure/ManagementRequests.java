package io.github.bootcluster.autoconfigure;

import java.net.InetSocketAddress;
import java.util.function.Predicate;
import java.util.function.Supplier;

import org.jspecify.annotations.Nullable;

import org.springframework.core.env.Environment;
import org.springframework.http.server.reactive.ServerHttpRequest;

/**
 * Knows the requests to the management endpoints: all that come in at a management port
 * of its own, or else what lies below the base path of the endpoints.
 */
final class ManagementRequests implements Predicate<ServerHttpRequest> {

	private final String basePath;

	private final Supplier<@Nullable Integer> port;

	private volatile int knownPort;

	private ManagementRequests(String basePath, Supplier<@Nullable Integer> port) {
		this.basePath = basePath;
		this.port = port;
	}

	static Predicate<ServerHttpRequest> of(Environment environment) {
		String managementPort = environment.getProperty("management.server.port");
		if (managementPort != null && (managementPort.equals("0")
				|| !managementPort.equals(environment.getProperty("server.port", "8080")))) {
			return new ManagementRequests("", () -> environment.getProperty("local.management.port", Integer.class));
		}
		String endpoints = environment.getProperty("management.endpoints.web.base-path", "/actuator");
		String application = environment.getProperty("spring.webflux.base-path", "");
		String basePath = strip(application) + strip(endpoints);
		// Endpoints at the root cannot be told from the application
		return endpoints.equals("/") ? (request) -> false : new ManagementRequests(basePath, () -> null);
	}

	private static String strip(String path) {
		return path.endsWith("/") ? path.substring(0, path.length() - 1) : path;
	}

	@Override
	public boolean test(ServerHttpRequest request) {
		if (this.basePath.isEmpty()) {
			InetSocketAddress local = request.getLocalAddress();
			return local != null && local.getPort() == port();
		}
		String path = request.getURI().getRawPath();
		return path.startsWith(this.basePath)
				&& (path.length() == this.basePath.length() || path.charAt(this.basePath.length()) == '/');
	}

	/**
	 * Returns the management port, which is known once its server has started.
	 * @return the port, 0 until then
	 */
	private int port() {
		if (this.knownPort == 0) {
			Integer found = this.port.get();
			this.knownPort = (found != null) ? found : 0;
		}
		return this.knownPort;
	}

}
