package io.github.bootcluster.worker.netty;

import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.IntConsumer;

import io.github.bootcluster.wire.DescriptorQueue;
import io.github.bootcluster.wire.DescriptorSender;
import io.netty.channel.IoEventLoop;
import org.jspecify.annotations.Nullable;

/**
 * The way on which a draining worker gives connections of one listener back to the
 * master. It owns their descriptors until the master's ack; what the master does not
 * take, the worker goes on serving. Everything but the figures belongs to one event loop.
 */
final class ConnectionReturn implements DescriptorSender.Listener {

	private final IntConsumer keeper;

	private final DescriptorQueue waiting = new DescriptorQueue();

	private final AtomicLong announced = new AtomicLong();

	private volatile long moved;

	private volatile long kept;

	private volatile boolean closed;

	private @Nullable DescriptorSender sender;

	private ConnectionReturn(IntConsumer keeper) {
		this.keeper = keeper;
	}

	/**
	 * Opens the way to the master.
	 * @param loop the event loop, whose thread calls
	 * @return the way, closed from the start if there is none
	 */
	static ConnectionReturn open(Path handoffSocket, int listener, IoEventLoop loop, IntConsumer keeper) {
		ConnectionReturn opened = new ConnectionReturn(keeper);
		try {
			opened.sender = DescriptorSender.giveBack(handoffSocket, listener, loop, opened);
		}
		catch (IOException ex) {
			opened.closed = true;
		}
		return opened;
	}

	/**
	 * Tells whether the master takes nothing more. Any thread may ask.
	 */
	boolean isClosed() {
		return this.closed;
	}

	/**
	 * Announces a connection that is about to be {@linkplain #give given}, so that it is
	 * accounted for in between. Any thread may call.
	 */
	void announce() {
		this.announced.incrementAndGet();
	}

	/**
	 * Returns how many connections have been announced so far. Any thread may ask.
	 */
	long announced() {
		return this.announced.get();
	}

	/**
	 * Returns how many of those that were announced are the master's or served again. Any
	 * thread may ask.
	 */
	long settled() {
		return this.moved + this.kept;
	}

	/**
	 * Returns how many connections the master has taken. Any thread may ask.
	 */
	long moved() {
		return this.moved;
	}

	/**
	 * Gives an announced connection to the master.
	 * @param descriptor the connection's descriptor, taken over
	 */
	void give(int descriptor) {
		DescriptorSender current = this.sender;
		if (this.closed || current == null) {
			keep(descriptor);
		}
		else if (!this.waiting.isEmpty() || !current.send(descriptor)) {
			this.waiting.add(descriptor);
		}
	}

	private void keep(int descriptor) {
		this.keeper.accept(descriptor);
		this.kept++;
	}

	@Override
	public void acknowledged(DescriptorSender sender, int count) {
		this.moved += count;
	}

	@Override
	public void writable(DescriptorSender sender) {
		while (!this.waiting.isEmpty() && sender.send(this.waiting.peek())) {
			this.waiting.remove();
		}
	}

	@Override
	public void closed(DescriptorSender sender, DescriptorQueue unacknowledged) {
		this.closed = true;
		unacknowledged.moveTo(this.waiting);
		while (!this.waiting.isEmpty()) {
			keep(this.waiting.remove());
		}
	}

}
