package io.github.bootcluster.master.supervise;

import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

import io.github.bootcluster.ClusterWorker;
import io.github.bootcluster.wire.ControlConnection;
import io.github.bootcluster.wire.Frame;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

/**
 * Chooses the worker that does what only one may do. It belongs to the supervisor's
 * thread.
 * <p>
 * A leader leads until it has given the lead up, as it does when it is told to end, or
 * until its process has ended: no other is chosen before. What is to be done once at the
 * start of a generation is done by the first worker of it that asks, and by another only
 * if that one ends without having been ready.
 */
final class Election {

	private static final Log logger = LogFactory.getLog(Election.class);

	/**
	 * The longest-serving of the newest generation, so that a rolling restart moves the
	 * lead once and not from old worker to old worker.
	 */
	private static final Comparator<WorkerHandle> FIRST = Comparator.comparingInt(WorkerHandle::generation)
		.reversed()
		.thenComparingLong(WorkerHandle::readySince)
		.thenComparingInt(WorkerHandle::id);

	private final WorkerPool workers;

	private final Restarter restarter;

	private final Map<Integer, WorkerHandle> starters = new HashMap<>();

	/**
	 * Those that have given the lead up and are still there: a worker does so for good,
	 * and may do so before it tells that it drains.
	 */
	private final Set<WorkerHandle> resigned = new HashSet<>();

	private @Nullable WorkerHandle leader;

	Election(WorkerPool workers, Restarter restarter) {
		this.workers = workers;
		this.restarter = restarter;
	}

	/**
	 * Lets a worker lead if none does. A new generation that has yet to prove itself only
	 * leads if there is no other.
	 */
	void advance() {
		WorkerHandle current = this.leader;
		if (current != null && !current.isGone()) {
			return;
		}
		this.resigned.removeIf(WorkerHandle::isGone);
		this.leader = this.workers.all()
			.stream()
			.filter((worker) -> isEligible(worker) && worker.isReady() && worker.connection() != null
					&& !this.resigned.contains(worker))
			.min(Comparator.comparing(this.restarter::isCanary).thenComparing(FIRST))
			.orElse(null);
		if (this.leader != null) {
			lead(this.leader);
		}
	}

	/**
	 * All groups run the same application: what is marked there must not run once in
	 * each, and which group runs it must not be a matter of chance.
	 * @return whether it belongs to the group that runs what is to run once
	 */
	private static boolean isEligible(WorkerHandle worker) {
		return worker.group().equals(ClusterWorker.DEFAULT_GROUP);
	}

	private static void lead(WorkerHandle worker) {
		ControlConnection connection = worker.connection();
		if (connection != null) {
			logger.info("%s elected leader".formatted(worker));
			connection.send(new Frame.Lead());
		}
	}

	void givenUp(WorkerHandle worker) {
		if (this.leader == worker) {
			logger.info("%s gave up the lead".formatted(worker));
			this.resigned.add(worker);
			this.leader = null;
		}
	}

	/**
	 * Tells whether a worker is the one of its generation that does what is to be done
	 * once.
	 */
	boolean claimStart(WorkerHandle worker) {
		if (!isEligible(worker)) {
			return false;
		}
		WorkerHandle starter = this.starters.get(worker.generation());
		if (starter == null || (starter.isGone() && !starter.wasReady())) {
			this.starters.put(worker.generation(), worker);
			return true;
		}
		return starter == worker;
	}

	/**
	 * Forgets who has started generations that are not needed any more.
	 */
	void retain(Set<Integer> generations) {
		this.starters.keySet().retainAll(generations);
	}

}
