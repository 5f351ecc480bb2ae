package io.github.bootcluster.process;

import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.LongConsumer;

/**
 * Reaps what workers have started and left, where this process is process 1 of a
 * container: the kernel makes it the parent of every orphan, and the JVM waits only for
 * the children that it has started itself. Elsewhere it does nothing.
 * <p>
 * Whether a zombie is such a child nobody tells. The JVM has a thread for each of them
 * that waits for it, and so none stays a zombie: what was one at several looks is an
 * orphan. Workers are left to the JVM in any case.
 */
final class OrphanReaper implements Runnable {

	/**
	 * At so many looks a zombie was seen before it is reaped.
	 */
	static final int LOOKS = 3;

	/**
	 * So many are worth a warning where nobody reaps them.
	 */
	static final int MANY = 10;

	private static final Duration PAUSE = Duration.ofSeconds(5);

	private final Path proc;

	private final long parent;

	private final LongConsumer reaping;

	private final Consumer<String> problems;

	private final Set<Long> own = ConcurrentHashMap.newKeySet();

	private final AtomicBoolean running = new AtomicBoolean();

	private Map<Zombie, Integer> seen = Map.of();

	private boolean able = true;

	/**
	 * Creates a reaper that does nothing yet.
	 * @param reaping waits for a child that has ended, or throws an
	 * {@link UnsupportedOperationException} that says why it cannot and what helps
	 */
	OrphanReaper(Path proc, long parent, LongConsumer reaping, Consumer<String> problems) {
		this.proc = proc;
		this.parent = parent;
		this.reaping = reaping;
		this.problems = problems;
	}

	/**
	 * Leaves a child to the JVM, and begins to look for orphans if this is process 1.
	 */
	void started(Process child) {
		this.own.add(child.pid());
		child.onExit().thenRun(() -> this.own.remove(child.pid()));
		if (this.parent == 1 && this.running.compareAndSet(false, true)) {
			Thread thread = new Thread(this, "cluster-orphans");
			thread.setDaemon(true);
			thread.start();
		}
	}

	@Override
	public void run() {
		try {
			while (true) {
				TimeUnit.NANOSECONDS.sleep(PAUSE.toNanos());
				look();
			}
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

	/**
	 * Looks for orphans once.
	 */
	void look() {
		Map<Zombie, Integer> now = new HashMap<>();
		ProcessStat.all(this.proc)
			.stream()
			.filter((process) -> process.isZombie() && process.parent() == this.parent)
			.map((process) -> new Zombie(process.pid(), process.start()))
			.forEach((zombie) -> now.put(zombie, Math.min(LOOKS, this.seen.getOrDefault(zombie, 0) + 1)));
		this.seen = now;
		List<Long> orphans = now.entrySet()
			.stream()
			.filter((entry) -> entry.getValue() == LOOKS)
			.map((entry) -> entry.getKey().pid())
			.filter((pid) -> !this.own.contains(pid))
			.toList();
		if (this.able) {
			reap(orphans);
		}
	}

	private void reap(List<Long> orphans) {
		try {
			orphans.forEach(this.reaping::accept);
		}
		catch (UnsupportedOperationException ex) {
			if (orphans.size() >= MANY) {
				this.able = false;
				this.problems.accept("Processes that workers started and left stay as zombies, as process 1 of a "
						+ "container has to reap them and " + ex.getMessage()
						+ ", or start the container with an init ('docker run --init', tini, or "
						+ "shareProcessNamespace in Kubernetes)");
			}
		}
	}

	/**
	 * A child that has ended and that nobody has waited for.
	 */
	private record Zombie(long pid, String start) {

	}

}
