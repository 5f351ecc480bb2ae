package io.github.bootcluster.master.listen;

import java.io.IOException;
import java.net.SocketAddress;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Stream;

import io.github.bootcluster.wire.ListenFailure;
import org.jspecify.annotations.Nullable;

/**
 * The listeners that there are, who wants them, and what may be added. Everything happens
 * on one event loop.
 */
final class OpenListeners {

	private final WorkerAddresses addresses;

	private final ListenerBudget budget;

	private final DescriptorReserve reserve;

	private final Map<ListenerKey, Entry> entries = new HashMap<>();

	/**
	 * Listeners that end, and may be opened anew.
	 */
	private final List<ListenerSockets> ending = new ArrayList<>();

	OpenListeners(WorkerAddresses addresses, ListenerBudget budget, DescriptorReserve reserve) {
		this.addresses = addresses;
		this.budget = budget;
		this.reserve = reserve;
	}

	/**
	 * Returns what a worker wants, which from now on counts as wanted by it.
	 * @param address where to listen
	 * @param opener opens it if it is not there yet
	 */
	ListenerSockets join(int worker, ListenerKey key, SocketAddress address, Opener opener) throws IOException {
		Entry entry = this.entries.get(key);
		if (entry == null) {
			this.addresses.check(address);
			key.check(this.entries.keySet());
			this.budget.check(this.entries.size(), (int) wantedBy(worker));
			if (this.reserve.isNext()) {
				throw new ListenDeniedException(ListenFailure.TOO_MANY,
						"the file descriptors that are left are kept for workers");
			}
			entry = new Entry(key, opener.open(), new HashSet<>());
			this.entries.put(key, entry);
		}
		else if (entry.sockets().dispatcher().serves(worker)) {
			throw new ListenDeniedException(ListenFailure.ADDRESS_IN_USE,
					"Address already in use by the worker itself");
		}
		entry.users().add(worker);
		return entry.sockets();
	}

	private long wantedBy(int worker) {
		return this.entries.values().stream().filter((entry) -> entry.users().contains(worker)).count();
	}

	/**
	 * Forgets what a worker wanted, which has exited. What nobody has ever served is
	 * taken out.
	 */
	List<ListenerSockets> leave(int worker) {
		this.entries.values().forEach((entry) -> entry.users().remove(worker));
		return removeIf((entry) -> entry.users().isEmpty() && !entry.sockets().wasServed());
	}

	boolean leave(int worker, ListenerSockets listener) {
		return !removeIf((entry) -> entry.sockets() == listener && entry.users().remove(worker)
				&& entry.users().isEmpty() && !listener.dispatcher().hasTargets())
			.isEmpty();
	}

	/**
	 * Takes out listeners, which may be opened anew from then on.
	 */
	List<ListenerSockets> removeUnused(Set<String> groups, Set<Integer> staying) {
		return removeIf(
				(entry) -> groups.contains(entry.key().group()) && entry.users().stream().noneMatch(staying::contains));
	}

	private List<ListenerSockets> removeIf(Predicate<Entry> condition) {
		List<ListenerSockets> removed = new ArrayList<>();
		this.entries.values().removeIf((entry) -> {
			boolean remove = condition.test(entry);
			if (remove) {
				removed.add(entry.sockets());
			}
			return remove;
		});
		return removed;
	}

	/**
	 * Takes note of listeners that end: their connections are still on their way.
	 */
	void ending(Collection<ListenerSockets> listeners) {
		this.ending.addAll(listeners);
	}

	void ended(Collection<ListenerSockets> listeners) {
		this.ending.removeAll(listeners);
		// What a worker that hangs has left
		listeners.forEach((listener) -> listener.dispatcher().abandon());
	}

	List<ListenerSockets> all() {
		return Stream.concat(this.entries.values().stream().map(Entry::sockets), this.ending.stream()).toList();
	}

	/**
	 * Tells whether the workers of a group may get connections of a listener.
	 */
	boolean isOf(String group, ListenerSockets listener) {
		return this.entries.values()
			.stream()
			.anyMatch((entry) -> entry.sockets() == listener && entry.key().group().equals(group));
	}

	@Nullable ListenerSockets byId(int id) {
		for (ListenerSockets listener : all()) {
			if (listener.id() == id) {
				return listener;
			}
		}
		return null;
	}

	/**
	 * Opens a listener.
	 */
	@FunctionalInterface
	interface Opener {

		ListenerSockets open() throws IOException;

	}

	/**
	 * Listener.
	 */
	private record Entry(ListenerKey key, ListenerSockets sockets, Set<Integer> users) {

	}

}
