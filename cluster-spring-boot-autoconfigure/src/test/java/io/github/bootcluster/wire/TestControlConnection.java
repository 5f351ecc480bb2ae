package io.github.bootcluster.wire;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;

import io.netty.channel.embedded.EmbeddedChannel;

/**
 * Control connection without a socket, for tests of those who talk over one.
 */
public final class TestControlConnection {

	private final EmbeddedChannel channel = new EmbeddedChannel();

	private final ControlConnection connection;

	private final List<Frame> sent = new ArrayList<>();

	public TestControlConnection(long peerPid) {
		this.connection = new ControlConnection(this.channel, OptionalLong.of(peerPid));
	}

	public ControlConnection connection() {
		return this.connection;
	}

	/**
	 * Returns all frames that were sent over the connection.
	 * @return the frames
	 */
	public List<Frame> sent() {
		this.channel.runPendingTasks();
		for (Object frame = this.channel.readOutbound(); frame != null; frame = this.channel.readOutbound()) {
			this.sent.add((Frame) frame);
		}
		return List.copyOf(this.sent);
	}

	public <T extends Frame> List<T> sent(Class<T> type) {
		return sent().stream().filter(type::isInstance).map(type::cast).toList();
	}

	public boolean isOpen() {
		this.channel.runPendingTasks();
		return this.channel.isOpen();
	}

}
