package io.github.bootcluster.master.supervise;

import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

import org.jspecify.annotations.Nullable;

/**
 * {@link Generations} without files. They are ready at once, unless the test holds them.
 */
final class FakeGenerations implements Generations {

	private final Set<Integer> kept = new TreeSet<>();

	private final Set<Integer> ran = new TreeSet<>();

	private boolean ranBefore;

	private @Nullable CompletableFuture<Void> held;

	private @Nullable RuntimeException bug;

	@Override
	public CompletionStage<Void> prepare(int generation) {
		if (this.bug != null) {
			throw this.bug;
		}
		CompletableFuture<Void> gate = (this.held != null) ? this.held : CompletableFuture.completedFuture(null);
		CompletableFuture<Void> prepared = new CompletableFuture<>();
		gate.whenComplete((done, failure) -> {
			if (failure != null) {
				prepared.completeExceptionally(failure);
			}
			else {
				this.kept.add(generation);
				prepared.complete(null);
			}
		});
		return prepared;
	}

	/**
	 * Lets what is prepared from now on wait, or fail, with a future.
	 * @return the future
	 */
	CompletableFuture<Void> hold() {
		CompletableFuture<Void> gate = new CompletableFuture<>();
		this.held = gate;
		return gate;
	}

	/**
	 * Throws an exception to callers that prepare a generation from now on.
	 * @param bug the exception
	 */
	void breakDown(RuntimeException bug) {
		this.bug = bug;
	}

	void release() {
		this.held = null;
		this.bug = null;
	}

	/**
	 * Loses the copy of a generation.
	 * @param generation the generation
	 */
	void lose(int generation) {
		this.kept.remove(generation);
	}

	@Override
	public boolean isKept(int generation) {
		return this.kept.contains(generation);
	}

	@Override
	public boolean hasRunBefore(int generation) {
		return this.ranBefore;
	}

	@Override
	public void ran(int generation) {
		this.ran.add(generation);
	}

	Set<Integer> ran() {
		return this.ran;
	}

	void haveRunBefore() {
		this.ranBefore = true;
	}

	Set<Integer> kept() {
		return this.kept;
	}

	@Override
	public void retain(Set<Integer> needed) {
		this.kept.retainAll(needed);
	}

	@Override
	public void close() {
		this.held = null;
	}

}
