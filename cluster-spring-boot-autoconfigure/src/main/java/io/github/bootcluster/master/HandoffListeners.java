package io.github.bootcluster.master;

import java.io.IOException;
import java.net.SocketAddress;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;

import io.github.bootcluster.ClusterFigures;
import io.github.bootcluster.ListenerKind;
import io.github.bootcluster.distribution.ConnectionDistributor;
import io.github.bootcluster.wire.DescriptorQueue;
import io.github.bootcluster.wire.DescriptorReceiver;
import io.github.bootcluster.wire.DescriptorSender;
import io.github.bootcluster.wire.Frame;
import io.github.bootcluster.wire.HandoffServer;
import io.github.bootcluster.wire.SocketDirectory;
import io.netty.channel.IoEventLoop;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

/**
 * Listeners whose sockets the master owns and whose connections it hands to workers. All
 * state belongs to one event loop.
 */
final class HandoffListeners implements Listeners, HandoffServer.Listener {

	private static final Log logger = LogFactory.getLog(HandoffListeners.class);

	/**
	 * How long a worker may leave connections without an ack before another worker gets
	 * them. A worker that works acks within a millisecond; one that has paused for longer
	 * than this loses nothing by it.
	 */
	private static final long ACK_TIMEOUT_MILLIS = 2000;

	private static final long ACK_CHECK_MILLIS = 500;

	private final IoEventLoop loop;

	private final Supplier<ConnectionDistributor> distributors;

	private final DescriptorReserve reserve = DescriptorReserve.ofThisProcess();

	private final Map<ListenerKey, Listener> listeners = new HashMap<>();

	private final Map<Long, Member> members = new HashMap<>();

	private final Set<Integer> admitted = new HashSet<>();

	private final ConnectionCounts counts = new ConnectionCounts();

	private @Nullable HandoffServer server;

	private int lastId;

	private boolean closed;

	private HandoffListeners(IoEventLoop loop, Supplier<ConnectionDistributor> distributors) {
		this.loop = loop;
		this.distributors = distributors;
	}

	static HandoffListeners open(SocketDirectory directory, IoEventLoop loop,
			Supplier<ConnectionDistributor> distributors) throws IOException {
		HandoffListeners listeners = new HandoffListeners(loop, distributors);
		listeners.server = HandoffServer.open(directory, loop, listeners);
		loop.scheduleWithFixedDelay(listeners::check, ACK_CHECK_MILLIS, ACK_CHECK_MILLIS, TimeUnit.MILLISECONDS);
		return listeners;
	}

	@Override
	public ListenerKind kind() {
		return ListenerKind.HANDOFF;
	}

	@Override
	public void register(int worker, int slot, long pid) {
		this.loop.execute(() -> this.members.put(pid, new Member(worker, slot)));
	}

	@Override
	public void listen(int worker, String group, Frame.Listen request, Consumer<Frame> answer) {
		this.loop.execute(() -> answer.accept(listen(worker, group, request)));
	}

	private Frame listen(int worker, String group, Frame.Listen request) {
		try {
			ListenerKey key = ListenerKey.of(group, request);
			Listener listener = this.listeners.get(key);
			if (listener == null) {
				key.check(this.listeners.keySet());
				listener = open(request);
				this.listeners.put(key, listener);
			}
			else if (listener.dispatcher().serves(worker)) {
				throw new IOException("Address already in use by the worker itself");
			}
			return Frame.Listening.at(request.request(), listener.id(), listener.address());
		}
		catch (IOException ex) {
			return ListenFailures.describe(request, ex, this.closed);
		}
	}

	private Listener open(Frame.Listen request) throws IOException {
		if (this.closed) {
			throw new IOException("The cluster is shutting down");
		}
		SocketAddress address = request.address();
		Dispatcher dispatcher = new Dispatcher(this.distributors.get(), this.admitted::contains);
		return Listener.open(++this.lastId, address, request.backlog(), dispatcher, this.reserve, this.counts,
				this.loop);
	}

	@Override
	public void unlisten(int worker, int listener) {
		this.loop.execute(() -> {
			Listener left = byId(listener);
			if (left != null && this.admitted.contains(worker)) {
				left.dispatcher().release(worker);
				if (!left.dispatcher().hasTargets()) {
					logger.info(
							"Listens on %s no longer: the application has closed its server".formatted(left.address()));
					this.listeners.values().remove(left);
					left.close();
				}
			}
		});
	}

	@Override
	public void admit(int worker) {
		this.loop.execute(() -> {
			this.admitted.add(worker);
			refresh();
		});
	}

	@Override
	public void withhold(int worker) {
		this.loop.execute(() -> {
			this.admitted.remove(worker);
			refresh();
		});
	}

	private void refresh() {
		for (Listener listener : this.listeners.values()) {
			listener.dispatcher().refresh();
			listener.adjust();
		}
	}

	@Override
	public void unregister(int worker) {
		this.loop.execute(() -> {
			this.admitted.remove(worker);
			this.members.values().removeIf((member) -> member.worker() == worker);
		});
	}

	@Override
	public ClusterFigures.Connections connections() {
		return this.counts.figures();
	}

	@Override
	public void closeUnused() {
		this.loop.execute(() -> {
			for (Iterator<Listener> all = this.listeners.values().iterator(); all.hasNext();) {
				Listener listener = all.next();
				if (!listener.dispatcher().hasTargets()) {
					all.remove();
					listener.close();
				}
			}
		});
	}

	@Override
	public void close() {
		this.loop.submit(() -> {
			this.closed = true;
			this.listeners.values().forEach(Listener::close);
			if (this.server != null) {
				this.server.close();
			}
			return true;
		}).syncUninterruptibly();
	}

	private void check() {
		reclaimOverdue();
		this.counts.waiting(this.listeners.values().stream().mapToInt((all) -> all.dispatcher().held()).sum());
	}

	/**
	 * Takes connections back from workers that hang, as far as another one could take
	 * them. Such a worker connects again once it works again.
	 */
	private void reclaimOverdue() {
		long now = System.nanoTime();
		for (Listener listener : this.listeners.values()) {
			for (Target target : listener.dispatcher().overdue(now, ACK_TIMEOUT_MILLIS)) {
				logger.warn("Worker %d (slot %d) has not taken %d connections for %d ms: another worker gets them"
					.formatted(target.worker(), target.slot(), target.sender().unacknowledged(),
							TimeUnit.NANOSECONDS.toMillis(target.sender().silence(now))));
				target.sender().reclaim();
			}
		}
	}

	@Override
	public boolean takes(DescriptorSender sender, int listener) {
		Member member = this.members.get(sender.peerPid());
		Listener wanted = byId(listener);
		if (member == null || wanted == null) {
			return false;
		}
		wanted.dispatcher().add(new Target(sender, member.worker(), member.slot()));
		wanted.adjust();
		return true;
	}

	@Override
	public DescriptorReceiver.@Nullable Listener gives(long peerPid, int listener) {
		Listener wanted = byId(listener);
		// When all workers end, none is left to serve what one gives back
		return (wanted != null && !this.closed && this.members.containsKey(peerPid))
				? new ReturnedConnections(wanted, this.reserve, this.loop, this.counts) : null;
	}

	private @Nullable Listener byId(int id) {
		for (Listener listener : this.listeners.values()) {
			if (listener.id() == id) {
				return listener;
			}
		}
		return null;
	}

	@Override
	public void acknowledged(DescriptorSender sender, int count) {
		this.counts.handedOver(count);
	}

	@Override
	public void writable(DescriptorSender sender) {
		refresh();
	}

	@Override
	public void closed(DescriptorSender sender, DescriptorQueue unacknowledged) {
		int taken = unacknowledged.size();
		for (Listener listener : this.listeners.values()) {
			if (listener.dispatcher().remove(sender, unacknowledged)) {
				this.counts.redistributed(taken);
				listener.adjust();
				return;
			}
		}
		unacknowledged.close(unacknowledged.size());
	}

	private record Member(int worker, int slot) {

	}

}
