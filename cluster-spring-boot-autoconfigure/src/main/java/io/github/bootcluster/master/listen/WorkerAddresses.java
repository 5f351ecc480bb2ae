package io.github.bootcluster.master.listen;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;

import io.github.bootcluster.process.WorkerAccount;
import io.github.bootcluster.wire.ListenFailure;
import io.netty.channel.unix.DomainSocketAddress;
import org.jspecify.annotations.Nullable;

/**
 * Addresses that workers may have the master listen on. Workers of the master's own
 * account could listen there themselves; for those of another one the master, which is
 * root then, listens only where it was configured to, or where that account could do it
 * itself.
 */
public final class WorkerAddresses {

	private final @Nullable WorkerAccount account;

	private final List<InetSocketAddress> ports;

	private final Set<Path> paths;

	private WorkerAddresses(@Nullable WorkerAccount account, List<InetSocketAddress> ports, Set<Path> paths) {
		this.account = account;
		this.ports = List.copyOf(ports);
		this.paths = Set.copyOf(paths);
	}

	/**
	 * Returns all addresses, for workers of the master's own account.
	 */
	public static WorkerAddresses any() {
		return new WorkerAddresses(null, List.of(), Set.of());
	}

	/**
	 * Returns the addresses for workers of another account.
	 */
	public static WorkerAddresses of(WorkerAccount account, List<InetSocketAddress> ports, Set<Path> paths) {
		return new WorkerAddresses(account, ports, paths);
	}

	/**
	 * Sees to it that the master may listen on an address.
	 */
	void check(SocketAddress address) throws IOException {
		if (this.account == null) {
			return;
		}
		if (address instanceof InetSocketAddress inet) {
			if (!UnprivilegedPorts.contains(inet.getPort()) && !isConfigured(inet)) {
				throw denied("port %d is not configured in the master, and the workers' account '%s' may not bind it"
					.formatted(inet.getPort(), this.account));
			}
		}
		else if (address instanceof DomainSocketAddress unix) {
			Path path = Path.of(unix.path());
			if (!this.paths.contains(path.normalize())) {
				String problem = AccountFolder.problem(path, this.account.uid(), this.account.gid());
				if (problem != null) {
					throw denied("the path is not configured in the master, and %s".formatted(problem));
				}
			}
		}
	}

	private boolean isConfigured(InetSocketAddress wanted) {
		return this.ports.stream()
			.anyMatch((allowed) -> allowed.getPort() == wanted.getPort()
					&& (allowed.getAddress().isAnyLocalAddress() || allowed.getAddress().equals(wanted.getAddress())));
	}

	private static ListenDeniedException denied(String message) {
		return new ListenDeniedException(ListenFailure.NOT_ALLOWED, message);
	}

}
