package io.github.bootcluster.master;

import java.time.Duration;
import java.util.function.Supplier;
import java.util.stream.Stream;

import io.github.bootcluster.ClusterStatus;
import io.github.bootcluster.wire.ControlConnection;
import io.github.bootcluster.wire.Frame;

/**
 * What everybody may know of the cluster. Changes are gathered for a moment before all
 * workers are told, since there are as many readers as things that change.
 */
final class StatusBoard {

	private static final Duration GATHERING = Duration.ofMillis(20);

	private final EventThread thread;

	private final Supplier<Stream<ControlConnection>> readers;

	private volatile ClusterStatus status;

	private boolean gathering;

	StatusBoard(EventThread thread, Supplier<Stream<ControlConnection>> readers, ClusterStatus initial) {
		this.thread = thread;
		this.readers = readers;
		this.status = initial;
	}

	ClusterStatus status() {
		return this.status;
	}

	void update(ClusterStatus current) {
		if (current.equals(this.status)) {
			return;
		}
		this.status = current;
		if (!this.gathering) {
			this.gathering = true;
			this.thread.schedule(this::tell, GATHERING);
		}
	}

	private void tell() {
		this.gathering = false;
		Frame frame = new Frame.Status(this.status);
		this.readers.get().forEach((reader) -> reader.offer(frame));
	}

}
