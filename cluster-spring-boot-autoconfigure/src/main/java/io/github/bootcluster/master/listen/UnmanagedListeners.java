package io.github.bootcluster.master.listen;

import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.StandardSocketOptions;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.Consumer;

import io.github.bootcluster.ClusterFigures;
import io.github.bootcluster.ListenerKind;
import io.github.bootcluster.WorkerVitals;
import io.github.bootcluster.wire.Frame;
import io.github.bootcluster.wire.ListenFailure;

/**
 * Listeners where descriptors cannot be passed: the workers listen themselves. The master
 * holds each address with a socket that is bound but neither listens nor connects. So a
 * port of 0 becomes the same port for all workers, and nobody else gets an address while
 * no worker listens on it. Its state belongs to the supervisor's thread.
 */
public final class UnmanagedListeners implements Listeners {

	private final Executor thread;

	private final WorkerAddresses addresses;

	private final ListenerBudget budget = ListenerBudget.of(DescriptorBudget.ofThisProcess().limit());

	private final Map<ListenerKey, SocketChannel> reservations = new HashMap<>();

	public UnmanagedListeners(Executor thread, WorkerAddresses addresses) {
		this.thread = thread;
		this.addresses = addresses;
	}

	@Override
	public ListenerKind kind() {
		return ListenerKind.UNMANAGED;
	}

	@Override
	public void register(int worker, String group, int slot, long pid, int maxConnections) {
	}

	@Override
	public void listen(int worker, String group, Frame.Listen request, Consumer<Frame> answer) {
		this.thread.execute(() -> answer.accept(listen(group, request)));
	}

	private Frame listen(String group, Frame.Listen request) {
		try {
			ListenerKey key = ListenerKey.of(group, request);
			SocketChannel reservation = this.reservations.get(key);
			if (reservation == null) {
				this.addresses.check(request.address());
				key.check(this.reservations.keySet());
				this.budget.check(this.reservations.size(), 0);
				reservation = reserve(request);
				this.reservations.put(key, reservation);
			}
			InetSocketAddress address = (InetSocketAddress) reservation.getLocalAddress();
			return new Frame.Listening(request.request(), 0, address.getAddress().getHostAddress(), address.getPort());
		}
		catch (IOException ex) {
			return ListenFailures.describe(request, ex, false);
		}
	}

	private static SocketChannel reserve(Frame.Listen request) throws IOException {
		SocketChannel channel = SocketChannel.open();
		try {
			channel.setOption(StandardSocketOptions.SO_REUSEADDR, true);
			channel.setOption(StandardSocketOptions.SO_REUSEPORT, true);
			return channel.bind(request.address());
		}
		catch (BindException ex) {
			channel.close();
			throw new ListenDeniedException(reason((InetSocketAddress) request.address()),
					String.valueOf(ex.getMessage()));
		}
		catch (IOException | RuntimeException ex) {
			channel.close();
			throw ex;
		}
	}

	/**
	 * Finds out why an address cannot be bound. The JDK tells the words of the operating
	 * system, which depend on the locale, but not the number.
	 */
	private static ListenFailure reason(InetSocketAddress address) throws IOException {
		InetAddress host = address.getAddress();
		if (!host.isAnyLocalAddress() && NetworkInterface.getByInetAddress(host) == null) {
			return ListenFailure.ADDRESS_NOT_AVAILABLE;
		}
		return (UnprivilegedPorts.contains(address.getPort()) || "root".equals(System.getProperty("user.name")))
				? ListenFailure.ADDRESS_IN_USE : ListenFailure.PERMISSION_DENIED;
	}

	@Override
	public void unlisten(int worker, int listener) {
	}

	@Override
	public void admit(int worker) {
	}

	@Override
	public void withhold(int worker) {
	}

	@Override
	public void report(int worker, WorkerVitals vitals, Duration next) {
	}

	@Override
	public void unregister(int worker) {
	}

	@Override
	public ClusterFigures.Connections connections() {
		return ClusterFigures.Connections.NONE;
	}

	@Override
	public void closeUnused(Set<String> groups, Set<Integer> staying) {
	}

	@Override
	public CompletionStage<Void> close(Duration limit) {
		for (SocketChannel reservation : this.reservations.values()) {
			try {
				reservation.close();
			}
			catch (IOException ex) {
				// The descriptor is released all the same: see close(2)
			}
		}
		this.reservations.clear();
		return CompletableFuture.completedFuture(null);
	}

}
