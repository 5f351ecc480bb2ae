package io.github.bootcluster.distribution;

import java.util.List;

/**
 * Chooses the worker that gets the next connection of a listener. Each listener has an
 * instance of its own, which is called by one thread, once for every connection: it
 * should neither block nor allocate.
 */
@FunctionalInterface
public interface ConnectionDistributor {

	/**
	 * Chooses a worker.
	 * @param candidates the workers that can take a connection now, at least one, by slot
	 * and, where one worker is about to replace another in its slot, by id
	 * @return the index of the worker in that list
	 */
	int choose(List<? extends Candidate> candidates);

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

	}

}
