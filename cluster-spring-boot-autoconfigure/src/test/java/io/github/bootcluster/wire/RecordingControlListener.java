package io.github.bootcluster.wire;

import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * Keeps what it hears.
 */
final class RecordingControlListener implements ControlListener {

	private static final long LIMIT_SECONDS = 30;

	private final BlockingQueue<Frame> received = new LinkedBlockingQueue<>();

	private final BlockingQueue<ControlConnection> closed = new LinkedBlockingQueue<>();

	@Override
	public void received(ControlConnection connection, Frame frame) {
		this.received.add(frame);
	}

	@Override
	public void closed(ControlConnection connection) {
		this.closed.add(connection);
	}

	Frame awaitFrame() throws InterruptedException {
		return await(this.received, "frame");
	}

	ControlConnection awaitEnd() throws InterruptedException {
		return await(this.closed, "end of a connection");
	}

	boolean isSilent() {
		return this.received.isEmpty() && this.closed.isEmpty();
	}

	private static <T> T await(BlockingQueue<T> queue, String what) throws InterruptedException {
		T element = queue.poll(LIMIT_SECONDS, TimeUnit.SECONDS);
		if (element == null) {
			throw new AssertionError("No " + what + " within " + LIMIT_SECONDS + " s");
		}
		return element;
	}

}
