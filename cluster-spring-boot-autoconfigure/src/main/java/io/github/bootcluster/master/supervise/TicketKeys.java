package io.github.bootcluster.master.supervise;

import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Base64;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

import io.github.bootcluster.wire.ControlConnection;
import io.github.bootcluster.wire.Frame;

/**
 * The keys of TLS session tickets: a client may come to another worker with its ticket,
 * or come back after a restart. Each group of workers has its own. They are random, never
 * leave memory but for the workers that ask for them, and change: whoever gets hold of
 * one can read tickets of some hours. Everything happens on the supervisor's thread.
 */
final class TicketKeys {

	static final Duration ROTATION = Duration.ofHours(12);

	/**
	 * With the key before, a ticket is good for half a day at least.
	 */
	private static final int KEPT = 2;

	private final EventThread thread;

	private final SecureRandom random = new SecureRandom();

	private final Map<String, Deque<String>> keys = new HashMap<>();

	private final Map<ControlConnection, String> readers = new HashMap<>();

	TicketKeys(EventThread thread) {
		this.thread = thread;
	}

	/**
	 * Sends a worker the keys of its group, and those that follow.
	 */
	void share(ControlConnection worker, String group) {
		this.keys.computeIfAbsent(group, this::begin);
		this.readers.put(worker, group);
		worker.send(keys(group));
	}

	/**
	 * Sends a worker that is gone nothing more.
	 */
	void forget(ControlConnection worker) {
		this.readers.remove(worker);
	}

	private Deque<String> begin(String group) {
		this.thread.schedule(() -> rotate(group), ROTATION);
		return new ArrayDeque<>(List.of(newKey()));
	}

	private void rotate(String group) {
		Deque<String> rotated = Objects.requireNonNull(this.keys.get(group));
		rotated.addFirst(newKey());
		if (rotated.size() > KEPT) {
			rotated.removeLast();
		}
		this.readers.forEach((reader, readersGroup) -> {
			if (readersGroup.equals(group)) {
				reader.send(keys(group));
			}
		});
		this.thread.schedule(() -> rotate(group), ROTATION);
	}

	private String newKey() {
		byte[] key = new byte[Frame.TicketKeys.SIZE];
		this.random.nextBytes(key);
		return Base64.getEncoder().encodeToString(key);
	}

	private Frame.TicketKeys keys(String group) {
		return new Frame.TicketKeys(List.copyOf(Objects.requireNonNull(this.keys.get(group))));
	}

}
