package io.github.bootcluster.master.listen;

import java.util.concurrent.TimeUnit;

import io.github.bootcluster.wire.DescriptorReceiver;
import io.netty.channel.IoEventLoop;
import org.jspecify.annotations.Nullable;

/**
 * Connections that a draining worker gives back. Each is the dispatcher's as soon as it
 * comes, and goes to another worker like a new one. Everything happens on one event loop.
 */
final class ReturnedConnections implements DescriptorReceiver.Listener {

	private static final long PAUSE_MILLIS = 100;

	private final ListenerSockets listener;

	private final DescriptorReserve reserve;

	private final IoEventLoop loop;

	private final ConnectionCounts counts;

	private final Runnable end;

	private @Nullable DescriptorReceiver receiver;

	/**
	 * Creates the taker of one worker's connections.
	 * @param end called once the worker gives nothing more
	 */
	ReturnedConnections(ListenerSockets listener, DescriptorReserve reserve, IoEventLoop loop, ConnectionCounts counts,
			Runnable end) {
		this.listener = listener;
		this.reserve = reserve;
		this.loop = loop;
		this.counts = counts;
		this.end = end;
	}

	@Override
	public void opened(DescriptorReceiver receiver) {
		this.receiver = receiver;
	}

	@Override
	public void received(DescriptorReceiver receiver, int[] descriptors, int count) {
		this.counts.moved(count);
		boolean starved = false;
		for (int i = 0; i < count; i++) {
			starved |= this.reserve.contains(descriptors[i]);
			this.listener.dispatcher().dispatch(descriptors[i]);
		}
		this.listener.adjust();
		if (starved) {
			// What the worker still has stays with it meanwhile
			receiver.setReading(false);
			resumeLater(receiver);
		}
	}

	private void resumeLater(DescriptorReceiver receiver) {
		this.loop.schedule(() -> {
			if (this.reserve.isNext()) {
				resumeLater(receiver);
			}
			else {
				receiver.setReading(true);
			}
		}, PAUSE_MILLIS, TimeUnit.MILLISECONDS);
	}

	/**
	 * Takes nothing more. What had no ack is served again by the worker.
	 */
	void close() {
		if (this.receiver != null) {
			this.receiver.close();
		}
	}

	@Override
	public void ended() {
		// What had no ack is still the worker's
		this.end.run();
	}

}
