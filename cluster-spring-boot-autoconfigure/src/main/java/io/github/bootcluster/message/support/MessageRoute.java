package io.github.bootcluster.message.support;

import java.util.function.Consumer;

import io.github.bootcluster.ClusterWorker;
import io.github.bootcluster.message.ClusterMessage;
import io.github.bootcluster.message.MessageFailure;
import io.github.bootcluster.wire.ControlConnection;
import io.github.bootcluster.wire.Frame;

/**
 * The way to one worker, and what is under way to it. It may be used by any thread.
 */
final class MessageRoute {

	private final ClusterWorker worker;

	private final ControlConnection connection;

	private final OpenMessages open;

	private volatile boolean ready;

	MessageRoute(ClusterWorker worker, ControlConnection connection) {
		this.worker = worker;
		this.connection = connection;
		this.open = new OpenMessages("worker %d".formatted(worker.id()), Budget.ofReceiver());
	}

	/**
	 * Returns the worker as it was when it came.
	 */
	ClusterWorker worker() {
		return this.worker;
	}

	boolean isReady() {
		return this.ready;
	}

	void ready() {
		this.ready = true;
	}

	void send(ClusterMessage message, Consumer<Outcome> answer) {
		this.open.send(message.payload().length(), (number) -> this.connection.send(new Frame.Deliver(number, message)),
				answer);
	}

	void settled(Frame.Settled frame) {
		this.open.settled(frame.number(), Outcome.of(frame));
	}

	/**
	 * Tells the worker what has become of a message of its own.
	 */
	void answer(long number, Outcome outcome) {
		this.connection.send(Outcome.within(this.connection, outcome).toFrame(number));
	}

	void end() {
		this.open.end(new Outcome.Unhandled(MessageFailure.GONE, "Worker %d has gone".formatted(this.worker.id())));
	}

}
