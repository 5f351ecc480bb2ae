package io.github.bootcluster.autoconfigure.diagnostics;

import io.github.bootcluster.worker.ListenRefusedException;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.core.Ordered;

/**
 * Explains {@link ListenRefusedException}. A port that is in use is explained by Spring
 * Boot.
 */
class ListenRefusedFailureAnalyzer extends AbstractFailureAnalyzer<ListenRefusedException> implements Ordered {

	/**
	 * Ahead of Spring Boot's, who takes the path of a Unix socket for port -1.
	 */
	@Override
	public int getOrder() {
		return 0;
	}

	@Override
	protected @Nullable FailureAnalysis analyze(Throwable rootFailure, ListenRefusedException cause) {
		String action = cause.getAddress().startsWith("/") ? unixAction(cause) : action(cause);
		return (action != null) ? new FailureAnalysis(
				"The master cannot listen on %s: %s.".formatted(cause.getAddress(), cause.getReason()), action, cause)
				: null;
	}

	private static String unixAction(ListenRefusedException cause) {
		return switch (cause.getFailure()) {
			case ADDRESS_IN_USE -> "Stop the process that listens on it, or choose another path with server.address.";
			case PERMISSION_DENIED ->
				"Let the account of this process write to the folder, or choose another path " + "with server.address.";
			case ADDRESS_OF_GROUP -> "Give each group of workers a path of its own with server.address.";
			case NOT_ALLOWED -> notAllowed();
			case TOO_MANY -> tooMany();
			case ADDRESS_NOT_AVAILABLE, SHUTTING_DOWN, OTHER ->
				"Create the folder if it is missing, remove what is in the way, or choose another path with "
						+ "server.address.";
		};
	}

	private static String notAllowed() {
		return "Choose an address that the workers' account could listen on itself, or add this one to "
				+ "cluster.worker.addresses and start the master anew.";
	}

	private static String tooMany() {
		return "Let the application close servers that it does not use, or allow the master more open files "
				+ "(ulimit -n, LimitNOFILE).";
	}

	private static @Nullable String action(ListenRefusedException cause) {
		return switch (cause.getFailure()) {
			case ADDRESS_IN_USE -> null;
			case PERMISSION_DENIED -> "Choose a port above 1023 with server.port, or give the account of this process "
					+ "the right to bind this one (CAP_NET_BIND_SERVICE).";
			case ADDRESS_NOT_AVAILABLE ->
				"Set server.address to an address of this machine, or leave it out to " + "listen on all.";
			case ADDRESS_OF_GROUP -> "Give each group of workers a port of its own, with cluster.groups.<name>.port or "
					+ "in a profile of the group (server.port, management.server.port), or none at all, with "
					+ "spring.main.web-application-type=none.";
			case NOT_ALLOWED -> notAllowed();
			case TOO_MANY -> tooMany();
			case SHUTTING_DOWN, OTHER -> "Look at the reason that the operating system gives.";
		};
	}

}
