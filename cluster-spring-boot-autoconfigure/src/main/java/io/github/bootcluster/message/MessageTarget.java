package io.github.bootcluster.message;

import java.util.Objects;

/**
 * Whom a message is for.
 *
 * @param kind what the receiver is named by
 * @param number the worker's id or slot, 0 where neither names the receiver
 */
public record MessageTarget(Kind kind, int number) {

	private static final MessageTarget MASTER = new MessageTarget(Kind.MASTER, 0);

	private static final MessageTarget WORKERS = new MessageTarget(Kind.WORKERS, 0);

	public MessageTarget {
		Objects.requireNonNull(kind, "kind");
	}

	/**
	 * Returns the master as a target: listeners in its beans, and those of
	 * {@link io.github.bootcluster.event.WorkerMessageEvent WorkerMessageEvent}.
	 * @return the target
	 */
	public static MessageTarget master() {
		return MASTER;
	}

	/**
	 * Returns the worker of an id as a target.
	 * @param id the {@linkplain io.github.bootcluster.ClusterWorker#id() id}
	 * @return the target
	 */
	public static MessageTarget worker(int id) {
		return new MessageTarget(Kind.WORKER, id);
	}

	/**
	 * Returns the worker that serves in a slot of the default group at the time of
	 * delivery as a target.
	 * @param slot the {@linkplain io.github.bootcluster.ClusterWorker#slot() slot}
	 * @return the target
	 */
	public static MessageTarget slot(int slot) {
		return new MessageTarget(Kind.SLOT, slot);
	}

	/**
	 * Returns all workers but the sender as a target.
	 * @return the target
	 */
	public static MessageTarget workers() {
		return WORKERS;
	}

	@Override
	public String toString() {
		return switch (this.kind) {
			case MASTER -> "the master";
			case WORKER -> "worker " + this.number;
			case SLOT -> "the worker of slot " + this.number;
			case WORKERS -> "all workers";
		};
	}

	/**
	 * What a receiver is named by.
	 */
	public enum Kind {

		/**
		 * The master.
		 */
		MASTER,

		/**
		 * The worker of an id.
		 */
		WORKER,

		/**
		 * The worker of a slot.
		 */
		SLOT,

		/**
		 * All workers but the sender.
		 */
		WORKERS

	}

}
