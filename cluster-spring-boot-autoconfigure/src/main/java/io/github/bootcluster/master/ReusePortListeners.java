package io.github.bootcluster.master;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;

import io.github.bootcluster.ClusterFigures;
import io.github.bootcluster.ListenerKind;
import io.github.bootcluster.wire.Frame;

/**
 * Listeners where descriptors cannot be passed: the workers listen themselves. The master
 * holds each address with a socket that is bound but neither listens nor connects. So a
 * port of 0 becomes the same port for all workers, and nobody else gets an address while
 * no worker listens on it. Its state belongs to the supervisor's thread.
 */
final class ReusePortListeners implements Listeners {

	private final EventThread thread;

	private final Map<ListenerKey, SocketChannel> reservations = new HashMap<>();

	ReusePortListeners(EventThread thread) {
		this.thread = thread;
	}

	@Override
	public ListenerKind kind() {
		return ListenerKind.REUSE_PORT;
	}

	@Override
	public void register(int worker, int slot, long pid) {
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
				key.check(this.reservations.keySet());
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
			return channel.bind(new InetSocketAddress(InetAddress.getByName(request.host()), request.port()));
		}
		catch (IOException | RuntimeException ex) {
			channel.close();
			throw ex;
		}
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
	public void unregister(int worker) {
	}

	@Override
	public ClusterFigures.Connections connections() {
		return ClusterFigures.Connections.NONE;
	}

	@Override
	public void closeUnused() {
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
