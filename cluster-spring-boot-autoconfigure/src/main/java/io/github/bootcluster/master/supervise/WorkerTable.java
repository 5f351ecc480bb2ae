package io.github.bootcluster.master.supervise;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.Stream;

import io.github.bootcluster.ClusterWorker;
import io.github.bootcluster.wire.ControlConnection;
import org.jspecify.annotations.Nullable;

/**
 * The workers whose processes have not ended, by id. It belongs to the supervisor's
 * thread.
 */
final class WorkerTable {

	private final Map<Integer, WorkerHandle> workers = new TreeMap<>();

	void add(WorkerHandle worker) {
		this.workers.put(worker.id(), worker);
	}

	void remove(WorkerHandle worker) {
		this.workers.remove(worker.id());
	}

	boolean isEmpty() {
		return this.workers.isEmpty();
	}

	int size() {
		return this.workers.size();
	}

	/**
	 * Returns the workers as they are now, so that they may change meanwhile.
	 * @return a copy
	 */
	List<WorkerHandle> all() {
		return new ArrayList<>(this.workers.values());
	}

	@Nullable WorkerHandle byId(int id) {
		return this.workers.get(id);
	}

	Optional<WorkerHandle> byConnection(ControlConnection connection) {
		return this.workers.values().stream().filter((worker) -> worker.connection() == connection).findFirst();
	}

	/**
	 * Returns the connections of the workers that have one.
	 * @return the connections
	 */
	Stream<ControlConnection> connections() {
		return this.workers.values().stream().map(WorkerHandle::connection).filter(Objects::nonNull);
	}

	Stream<WorkerHandle> in(Slot slot) {
		return this.workers.values().stream().filter(slot::isOf);
	}

	int count(Predicate<WorkerHandle> predicate) {
		return (int) this.workers.values().stream().filter(predicate).count();
	}

	/**
	 * Tells whether a slot would be empty without a worker.
	 * @param worker the worker
	 * @return whether no other stays in its slot
	 */
	boolean isAlone(WorkerHandle worker) {
		return count((other) -> other != worker && other.sharesSlotWith(worker) && other.isStaying()) == 0;
	}

	List<ClusterWorker> snapshots() {
		return this.workers.values().stream().map(WorkerHandle::snapshot).toList();
	}

}
