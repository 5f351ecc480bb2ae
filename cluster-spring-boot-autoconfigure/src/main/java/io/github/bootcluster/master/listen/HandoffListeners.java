package io.github.bootcluster.master.listen;

import java.io.IOException;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.Supplier;

import io.github.bootcluster.ClusterFigures;
import io.github.bootcluster.ListenerKind;
import io.github.bootcluster.WorkerVitals;
import io.github.bootcluster.distribution.ConnectionDistributor;
import io.github.bootcluster.wire.DescriptorQueue;
import io.github.bootcluster.wire.DescriptorReceiver;
import io.github.bootcluster.wire.DescriptorSender;
import io.github.bootcluster.wire.Envelopes;
import io.github.bootcluster.wire.Frame;
import io.github.bootcluster.wire.HandoffServer;
import io.github.bootcluster.wire.SocketDirectory;
import io.github.bootcluster.wire.SocketLoan;
import io.netty.channel.IoEventLoop;
import io.netty.channel.unix.DomainSocketAddress;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

/**
 * Listeners whose sockets the master owns. It hands their connections to workers, or
 * lends them the sockets. All state belongs to one event loop.
 */
public final class HandoffListeners implements Listeners, HandoffServer.Listener {

	private static final Log logger = LogFactory.getLog(HandoffListeners.class);

	/**
	 * How long workers that leave may take to take what is queued for them alone.
	 */
	private static final Duration UNUSED_LIMIT = Duration.ofSeconds(5);

	private final ListenerKind kind;

	private final IoEventLoop loop;

	private final Supplier<ConnectionDistributor> distributors;

	private final Duration ramp;

	private final DescriptorReserve reserve = DescriptorReserve.ofThisProcess();

	private final OpenListeners listeners;

	/**
	 * The workers by their process ids: any thread may look one up.
	 */
	private final Map<Long, Member> members = new ConcurrentHashMap<>();

	private final Map<DescriptorSender, WorkerLoad> loads = new IdentityHashMap<>();

	private final Set<Integer> admitted = new HashSet<>();

	private final ConnectionCounts counts = new ConnectionCounts();

	private final OverdueAcks overdueAcks;

	private final Dispatcher.Observer observer = new DispatchObserver();

	private @Nullable HandoffServer server;

	private @Nullable Envelopes envelopes;

	private int lastId;

	private boolean closed;

	private final CompletableFuture<Void> ended = new CompletableFuture<>();

	private HandoffListeners(IoEventLoop loop, DistributionSettings settings) {
		this.kind = settings.kind();
		this.loop = loop;
		this.distributors = settings.distributors();
		this.ramp = settings.ramp();
		this.listeners = new OpenListeners(settings.addresses(),
				ListenerBudget.of(DescriptorBudget.ofThisProcess().limit()), this.reserve);
		this.overdueAcks = new OverdueAcks(loop, this.listeners, this.counts, this.kind == ListenerKind.REUSE_PORT);
	}

	/**
	 * Begins to take workers' hand-off connections.
	 * @throws IOException if the hand-off socket cannot be bound
	 */
	public static HandoffListeners open(SocketDirectory directory, IoEventLoop loop, DistributionSettings settings)
			throws IOException {
		HandoffListeners listeners = new HandoffListeners(loop, settings);
		if (settings.proxyHeaders()) {
			listeners.envelopes = Envelopes.open(directory);
		}
		listeners.server = HandoffServer.open(directory, loop, listeners);
		if (settings.kind() == ListenerKind.REUSE_PORT) {
			loop.execute(listeners.overdueAcks::watch);
		}
		return listeners;
	}

	@Override
	public ListenerKind kind() {
		return this.kind;
	}

	@Override
	public void register(int worker, String group, int slot, long pid, int maxConnections) {
		this.loop.execute(() -> this.members.put(pid,
				new Member(worker, group, slot, new WorkerLoad(this.closed ? 0 : maxConnections), new HashMap<>())));
	}

	@Override
	public void listen(int worker, String group, Frame.Listen request, Consumer<Frame> answer) {
		this.loop.execute(() -> answer.accept(listen(worker, group, request)));
	}

	private Frame listen(int worker, String group, Frame.Listen request) {
		try {
			ListenerSockets listener = this.listeners.join(worker, ListenerKey.of(group, request), request.address(),
					() -> open(worker, request));
			return Frame.Listening.at(request.request(), listener.id(), listener.address(), listener.isEnveloped());
		}
		catch (IOException ex) {
			return ListenFailures.describe(request, ex, this.closed);
		}
		catch (RuntimeException ex) {
			return ListenFailures.describe(request, new IOException(ex), this.closed);
		}
	}

	private ListenerSockets open(int worker, Frame.Listen request) throws IOException {
		if (this.closed) {
			throw new IOException("The cluster is shutting down");
		}
		SocketAddress address = request.address();
		return ListenerSockets.open(++this.lastId, kind(address), slot(worker), address, newDistributor(),
				this.admitted::contains, this.observer,
				(wanted, use, dispatcher) -> Listener.open(wanted, request.backlog(), use, dispatcher,
						new Listener.Shared(this.reserve, this.envelopes, this.counts, this.loop)));
	}

	private ConnectionDistributor newDistributor() throws IOException {
		try {
			return this.distributors.get();
		}
		catch (RuntimeException ex) {
			// An application's own
			throw new IOException("The distributor cannot be created: " + ex.getMessage(), ex);
		}
	}

	private ListenerKind kind(SocketAddress address) {
		// Only one socket can be bound to the path of a Unix socket
		return (this.kind == ListenerKind.REUSE_PORT && address instanceof DomainSocketAddress) ? ListenerKind.SHARED
				: this.kind;
	}

	private int slot(int worker) {
		return member(worker).map(Member::slot).orElse(1);
	}

	private Optional<Member> member(int worker) {
		return this.members.values().stream().filter((member) -> member.worker() == worker).findFirst();
	}

	@Override
	public void unlisten(int worker, int listener) {
		this.loop.execute(() -> {
			ListenerSockets left = this.listeners.byId(listener);
			if (left != null && this.admitted.contains(worker)) {
				left.release(worker);
				if (this.listeners.leave(worker, left)) {
					logger
						.info("No longer listening on %s: the application closed its server".formatted(left.address()));
					left.close();
				}
			}
		});
	}

	@Override
	public void admit(int worker) {
		this.loop.execute(() -> {
			this.admitted.add(worker);
			member(worker).ifPresent((member) -> member.load().admitted(this.ramp));
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
		this.listeners.all().forEach(ListenerSockets::refresh);
	}

	@Override
	public void report(int worker, WorkerVitals vitals, Duration next) {
		// Without the event loop, which would wake up for it
		member(worker).ifPresent((member) -> member.load().reported().report(vitals, next, System.nanoTime()));
	}

	@Override
	public void unregister(int worker) {
		this.loop.execute(() -> {
			this.admitted.remove(worker);
			this.members.values().removeIf((member) -> member.worker() == worker);
			this.listeners.leave(worker).forEach(ListenerSockets::close);
		});
	}

	@Override
	public ClusterFigures.Connections connections() {
		return this.counts.figures();
	}

	@Override
	public void closeUnused(Set<String> groups, Set<Integer> staying) {
		this.loop.execute(() -> {
			List<ListenerSockets> unused = this.listeners.removeUnused(groups, staying);
			for (ListenerSockets listener : unused) {
				logger.info("No longer listening on %s: no worker needs it".formatted(listener.address()));
				listener.leaveToAnyWorker();
			}
			this.listeners.ending(unused);
			ClosingListeners.close(this.loop, unused, UNUSED_LIMIT).thenRun(() -> this.listeners.ended(unused));
		});
	}

	@Override
	public CompletionStage<Void> close(Duration limit) {
		this.loop.execute(() -> {
			if (!this.closed) {
				this.closed = true;
				for (Member member : this.members.values()) {
					// When all workers end, none is left to serve what one gives back
					member.returning().values().forEach(ReturnedConnections::close);
					member.returning().clear();
					// Clients that are left in the kernel's queue would be reset
					member.load().lift();
				}
				ClosingListeners.close(this.loop, this.listeners.all(), limit)
					.whenComplete((done, failure) -> ended(failure));
			}
		});
		return this.ended;
	}

	private void ended(@Nullable Throwable failure) {
		try {
			if (failure != null) {
				logger.error("Cannot wait for the connections that are queued", failure);
				this.listeners.all().forEach(ListenerSockets::close);
			}
			if (this.server != null) {
				this.server.close();
			}
			if (this.envelopes != null) {
				this.envelopes.close();
			}
		}
		finally {
			this.ended.complete(null);
		}
	}

	@Override
	public boolean takes(DescriptorSender sender, int listener) {
		Member member = this.members.get(sender.peerPid());
		ListenerSockets wanted = wanted(member, listener);
		if (member == null || wanted == null) {
			return false;
		}
		List<DescriptorSender> earlier = wanted.dispatcher().sendersTo(member.worker());
		this.loads.put(sender, member.load());
		member.load().add(sender);
		wanted.dispatcher().add(new Target(sender, member.worker(), member.slot(), member.load()));
		wanted.adjust();
		// A worker needs one; what the earlier one has not taken is handed out again
		earlier.forEach(DescriptorSender::close);
		return true;
	}

	@Override
	public SocketLoan.@Nullable Listener lends(long peerPid, int listener) {
		Member member = this.members.get(peerPid);
		ListenerSockets wanted = wanted(member, listener);
		if (member == null || wanted == null || this.closed || this.kind == ListenerKind.HANDOFF) {
			return null;
		}
		return wanted.lender(member.worker(), member.slot());
	}

	@Override
	public DescriptorReceiver.@Nullable Listener gives(long peerPid, int listener) {
		Member member = this.members.get(peerPid);
		ListenerSockets wanted = wanted(member, listener);
		if (member == null || wanted == null || wanted.isEnveloped() || this.closed
				|| member.returning().containsKey(listener)) {
			return null;
		}
		ReturnedConnections returned = new ReturnedConnections(wanted, this.reserve, this.loop, this.counts,
				() -> member.returning().remove(listener));
		member.returning().put(listener, returned);
		return returned;
	}

	private @Nullable ListenerSockets wanted(@Nullable Member member, int listener) {
		ListenerSockets found = this.listeners.byId(listener);
		return (member != null && found != null && this.listeners.isOf(member.group(), found)) ? found : null;
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
	public void ended(DescriptorSender sender, int count) {
		WorkerLoad load = this.loads.get(sender);
		if (load != null && load.hadNoRoom(count) && load.hasRoom()) {
			refresh();
		}
	}

	@Override
	public void closed(DescriptorSender sender, DescriptorQueue unacknowledged) {
		WorkerLoad load = this.loads.remove(sender);
		if (load != null) {
			load.remove(sender);
		}
		int taken = unacknowledged.size();
		for (ListenerSockets listener : this.listeners.all()) {
			if (listener.dispatcher().remove(sender, unacknowledged)) {
				this.counts.redistributed(taken);
				refresh();
				return;
			}
		}
		unacknowledged.close(unacknowledged.size());
	}

	/**
	 * Lets what happens at one listener count for all.
	 */
	private final class DispatchObserver implements Dispatcher.Observer {

		@Override
		public void saturated(WorkerLoad load) {
			for (ListenerSockets listener : HandoffListeners.this.listeners.all()) {
				listener.dispatcher().passOver(load);
				listener.adjust();
			}
		}

		@Override
		public void dispatched() {
			HandoffListeners.this.overdueAcks.watch();
		}

	}

	/**
	 * Worker.
	 */
	private record Member(int worker, String group, int slot, WorkerLoad load,
			Map<Integer, ReturnedConnections> returning) {

	}

}
