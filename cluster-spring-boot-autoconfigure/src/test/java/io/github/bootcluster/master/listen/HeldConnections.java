package io.github.bootcluster.master.listen;

import java.io.IOException;
import java.net.SocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

import io.github.bootcluster.wire.DescriptorReceiver;
import io.github.bootcluster.wire.Descriptors;
import io.github.bootcluster.wire.SocketDirectory;
import io.netty.channel.IoEventLoop;
import io.netty.channel.unix.Socket;

/**
 * The hand-off part of workers that keep their connections until a test ends them.
 */
final class HeldConnections {

	/**
	 * Connections in their order, over all workers.
	 */
	private final BlockingQueue<Held> came = new LinkedBlockingQueue<>();

	private final List<Worker> workers = new ArrayList<>();

	private final IoEventLoop loop;

	HeldConnections(IoEventLoop loop) {
		this.loop = loop;
	}

	Worker connect(int id, SocketDirectory directory, int listener) throws IOException {
		Worker worker = new Worker(id, directory, listener);
		this.workers.add(worker);
		return worker;
	}

	Held await() throws InterruptedException {
		Held held = this.came.poll(20, TimeUnit.SECONDS);
		if (held == null) {
			throw new AssertionError("No worker has got a connection");
		}
		return held;
	}

	/**
	 * Closes the socket of the worker that has connected first.
	 */
	void closeFirst() {
		this.loop.submit(this.workers.get(0).receiver::close).syncUninterruptibly();
	}

	boolean isEmpty() {
		return this.came.isEmpty();
	}

	void close() {
		this.came.forEach((held) -> Descriptors.close(held.descriptor()));
		this.workers.forEach((worker) -> this.loop.submit(worker.receiver::close).syncUninterruptibly());
	}

	/**
	 * Connection that a worker has.
	 *
	 * @param worker the worker
	 * @param descriptor the connection's descriptor
	 */
	record Held(Worker worker, int descriptor) {

		int workerId() {
			return this.worker.id;
		}

		SocketAddress client() {
			return new Socket(this.descriptor).remoteAddress();
		}

		void end() {
			Descriptors.close(this.descriptor);
			this.worker.tellEnd();
		}

	}

	/**
	 * One worker's end of a hand-off socket.
	 */
	final class Worker implements DescriptorReceiver.Listener {

		private final int id;

		private final DescriptorReceiver receiver;

		private Worker(int id, SocketDirectory directory, int listener) throws IOException {
			this.id = id;
			this.receiver = DescriptorReceiver.connect(SocketDirectory.handoff(directory.control()), listener, 0, this);
			this.receiver.setReading(true);
			this.receiver.register(HeldConnections.this.loop);
		}

		/**
		 * Takes nothing from now on, like a process that is stopped.
		 */
		void stop() {
			HeldConnections.this.loop.submit(() -> this.receiver.setReading(false)).syncUninterruptibly();
		}

		private void tellEnd() {
			HeldConnections.this.loop.submit(() -> this.receiver.tellEnded(1)).syncUninterruptibly();
		}

		@Override
		public void received(DescriptorReceiver receiver, int[] descriptors, int count) {
			for (int i = 0; i < count; i++) {
				HeldConnections.this.came.add(new Held(this, descriptors[i]));
			}
		}

		@Override
		public void ended() {
		}

	}

}
