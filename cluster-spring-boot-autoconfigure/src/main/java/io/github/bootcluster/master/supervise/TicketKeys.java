package io.github.bootcluster.master.supervise;

import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Base64;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

import io.github.bootcluster.wire.ControlConnection;
import io.github.bootcluster.wire.Frame;

/**
 * The keys of TLS session tickets: a client may come to another worker with its ticket,
 * or come back after a restart. They are random, never leave memory but for the workers
 * that ask for them, and change: whoever gets hold of one can read tickets of some hours.
 * Everything happens on the supervisor's thread.
 */
final class TicketKeys {

	static final Duration ROTATION = Duration.ofHours(12);

	/**
	 * With the one before, a ticket is good for half a day at least. Netty's servers let
	 * one expire after five minutes unless they are told otherwise.
	 */
	private static final int KEPT = 2;

	private final EventThread thread;

	private final SecureRandom random = new SecureRandom();

	private final Deque<String> keys = new ArrayDeque<>();

	private final Set<ControlConnection> readers = new HashSet<>();

	TicketKeys(EventThread thread) {
		this.thread = thread;
	}

	/**
	 * Sends a worker the keys, and those that follow.
	 */
	void share(ControlConnection worker) {
		if (this.keys.isEmpty()) {
			rotate();
		}
		this.readers.add(worker);
		worker.send(frame());
	}

	/**
	 * Sends a worker that is gone nothing more.
	 */
	void forget(ControlConnection worker) {
		this.readers.remove(worker);
	}

	private void rotate() {
		byte[] key = new byte[Frame.TicketKeys.SIZE];
		this.random.nextBytes(key);
		this.keys.addFirst(Base64.getEncoder().encodeToString(key));
		if (this.keys.size() > KEPT) {
			this.keys.removeLast();
		}
		this.readers.forEach((reader) -> reader.send(frame()));
		this.thread.schedule(this::rotate, ROTATION);
	}

	private Frame.TicketKeys frame() {
		return new Frame.TicketKeys(List.copyOf(this.keys));
	}

}
