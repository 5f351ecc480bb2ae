package io.github.bootcluster;

import java.time.Duration;
import java.util.Map;

/**
 * What the master has counted since it started.
 *
 * @param forks how many workers were forked
 * @param respawns how many of them took the place of a worker that the master had not
 * asked to end
 * @param exits how many workers have ended, by what ended them; what has ended none is
 * missing
 * @param completedRestarts the rolling restarts that have replaced every worker
 * @param abortedRestarts the rolling restarts that were given up
 * @param connections the connections that went through the master
 */
public record ClusterFigures(long forks, long respawns, Map<ExitKind, Long> exits, Restarts completedRestarts,
		Restarts abortedRestarts, Connections connections) {

	/**
	 * Figures of a master that has done nothing yet.
	 */
	public static final ClusterFigures NONE = new ClusterFigures(0, 0, Map.of(), Restarts.NONE, Restarts.NONE,
			Connections.NONE);

	public ClusterFigures {
		exits = Map.copyOf(exits);
	}

	/**
	 * Rolling restarts that had the same outcome.
	 *
	 * @param count how many there were
	 * @param duration how long they took together
	 */
	public record Restarts(long count, Duration duration) {

		/**
		 * No restart at all.
		 */
		public static final Restarts NONE = new Restarts(0, Duration.ZERO);

		/**
		 * Counts another restart.
		 * @param duration how long it took
		 * @return the figures with it
		 */
		public Restarts plus(Duration duration) {
			return new Restarts(this.count + 1, this.duration.plus(duration));
		}

	}

	/**
	 * Connections that went through the master. Where the workers accept themselves, all
	 * are 0.
	 *
	 * @param accepted how many the master has accepted
	 * @param handedOver how many workers have taken
	 * @param redistributed how many were taken back from a worker that died, hung or left
	 * before it had taken them, for another worker
	 * @param moved how many idle ones a worker that leaves has given back for another
	 * worker, where they count as handed over once more
	 * @param waiting how many the master held when it last looked, which it does twice a
	 * second: no worker had taken them yet. What waits in the kernel's queue to be
	 * accepted is not among them
	 */
	public record Connections(long accepted, long handedOver, long redistributed, long moved, int waiting) {

		/**
		 * No connection at all.
		 */
		public static final Connections NONE = new Connections(0, 0, 0, 0, 0);

	}

}
