package io.github.bootcluster.autoconfigure;

import io.github.bootcluster.worker.ListenRefusedException;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/**
 * Explains {@link ListenRefusedException}. A port that is in use is explained by Spring
 * Boot.
 */
class ListenRefusedFailureAnalyzer extends AbstractFailureAnalyzer<ListenRefusedException> {

	@Override
	protected @Nullable FailureAnalysis analyze(Throwable rootFailure, ListenRefusedException cause) {
		String action = switch (cause.getFailure()) {
			case ADDRESS_IN_USE -> null;
			case PERMISSION_DENIED -> "Choose a port above 1023 with server.port, or give the account of this process "
					+ "the right to bind this one (CAP_NET_BIND_SERVICE).";
			case ADDRESS_NOT_AVAILABLE ->
				"Set server.address to an address of this machine, or leave it out to " + "listen on all.";
			case ADDRESS_OF_GROUP -> "Give each group of workers a port of its own, with cluster.groups.<name>.port or "
					+ "in a profile of the group (server.port, management.server.port), or none at all, with "
					+ "spring.main.web-application-type=none.";
			case SHUTTING_DOWN, OTHER -> "Look at the reason that the operating system gives.";
		};
		return (action != null) ? new FailureAnalysis(
				"The master cannot listen on %s: %s.".formatted(cause.getAddress(), cause.getReason()), action, cause)
				: null;
	}

}
