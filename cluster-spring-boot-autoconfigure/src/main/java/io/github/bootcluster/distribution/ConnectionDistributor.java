package io.github.bootcluster.distribution;

import java.net.InetSocketAddress;
import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * Chooses the worker that gets the next connection. A bean of this type in the master,
 * which takes {@code @ConditionalOnClusterRole(ClusterRole.MASTER)}, replaces the one
 * that the property {@code cluster.distribution} names.
 * <p>
 * One thread calls, once for every connection, and nobody is accepted meanwhile: a
 * distributor should neither block nor allocate. A singleton bean chooses for all
 * listeners of the cluster, of a bean of prototype scope each listener has an instance of
 * its own. Whatever is thrown, or an index that is none, is logged once, and a worker
 * gets the connection all the same.
 */
@FunctionalInterface
public interface ConnectionDistributor {

	/**
	 * Chooses a worker.
	 * @param candidates the workers that can take a connection now, at least one, by slot
	 * and, where one worker is about to replace another in its slot, by id; valid during
	 * this call
	 * @param connection the connection; valid during this call
	 * @return the index of the worker in that list
	 */
	int choose(List<? extends Candidate> candidates, Connection connection);

	/**
	 * Worker that can take a connection.
	 */
	interface Candidate {

		/**
		 * Returns the worker's slot.
		 * @return the slot, from 1
		 */
		int slot();

		/**
		 * Returns the worker's id.
		 * @return the id, which no other worker ever has
		 */
		int worker();

		/**
		 * Returns how many connections the worker has, over all its listeners: those that
		 * it was given and has not closed.
		 * @return the number of open connections
		 */
		int connections();

		/**
		 * Tells whether a connection would wait for the worker: it has not taken one for
		 * 50 ms, its report is overdue by a second, or its event loops took 100 ms or
		 * more to answer at its last two reports.
		 * @return whether the worker's event loops lag behind
		 */
		default boolean isLagging() {
			return false;
		}

		/**
		 * Returns the part of a warm worker's connections that the worker should get:
		 * less than 1 while it is new, with {@code cluster.warmup.ramp}.
		 * @return the part, above 0, up to 1
		 */
		default double share() {
			return 1;
		}

		/**
		 * Returns how busy the worker was between its last two reports, which come about
		 * once a second while it serves.
		 * @return the processor time that it used, as a share of the processors that it
		 * counts on: 0 to 1, or 0 where that is not known
		 */
		default double cpuLoad() {
			return 0;
		}

	}

	/**
	 * Connection to be given to a worker.
	 */
	interface Connection {

		/**
		 * Returns the address of the client. It is looked up when it is asked for, so
		 * that it costs nothing where nobody asks.
		 * @return the address, or {@code null} if there is none, as when the client has
		 * gone already
		 */
		@Nullable InetSocketAddress client();

	}

}
