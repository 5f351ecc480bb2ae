package io.github.bootcluster.master.supervise;

import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletionStage;

import io.github.bootcluster.GenerationStatus;

/**
 * The generations of the application: what the workers of each are forked from.
 */
public interface Generations extends AutoCloseable {

	/**
	 * Makes a generation out of the application as it is now. It may take its time.
	 * @return a stage that completes once workers can be forked from it, or fails with
	 * what is wrong with the application
	 */
	CompletionStage<Void> prepare(int generation);

	/**
	 * Tells whether workers can be forked from what a generation was made of, whatever
	 * the application is now.
	 */
	boolean isKept(int generation);

	/**
	 * Tells whether a worker of the same content has ever been ready, so that others will
	 * probably start.
	 */
	default boolean hasRunBefore(int generation) {
		return false;
	}

	/**
	 * Takes note that a worker of a generation is ready.
	 */
	default void ran(int generation) {
	}

	/**
	 * Forgets the generations that are not needed.
	 */
	void retain(Set<Integer> needed);

	/**
	 * Tells what the generations that are needed were made of.
	 */
	default List<GenerationStatus> describe() {
		return List.of();
	}

	/**
	 * Breaks off what is being made.
	 */
	@Override
	void close();

}
