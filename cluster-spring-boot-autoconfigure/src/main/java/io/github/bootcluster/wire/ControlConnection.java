package io.github.bootcluster.wire;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;

import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;

/**
 * One end of a control socket. It may be used by any thread.
 */
public final class ControlConnection {

	private final Channel channel;

	private final OptionalLong peerPid;

	private final Map<Class<?>, Frame> offered = new LinkedHashMap<>();

	private volatile boolean closed;

	ControlConnection(Channel channel, OptionalLong peerPid) {
		this.channel = channel;
		this.peerPid = peerPid;
	}

	/**
	 * Returns the process id of the other end as the kernel knows it.
	 * @return the process id, empty where the transport cannot tell
	 */
	public OptionalLong peerPid() {
		return this.peerPid;
	}

	/**
	 * Sends a frame. If the connection is gone it is lost, and the end of the connection
	 * tells so.
	 */
	public void send(Frame frame) {
		FrameLog.sent(this.peerPid, frame);
		this.channel.writeAndFlush(frame).addListener(ChannelFutureListener.CLOSE_ON_FAILURE);
	}

	/**
	 * Sends a frame, and waits until the operating system has taken it, as this process
	 * may end then.
	 * @param timeout how long to wait at most
	 */
	public void sendAndAwait(Frame frame, Duration timeout) {
		FrameLog.sent(this.peerPid, frame);
		this.channel.writeAndFlush(frame).awaitUninterruptibly(timeout.toMillis());
	}

	/**
	 * Sends a frame that a newer one of its type makes good for. If the other end is slow
	 * to read only the newest waits, so that what waits stays bounded.
	 */
	public void offer(Frame frame) {
		synchronized (this.offered) {
			this.offered.put(frame.getClass(), frame);
		}
		if (this.channel.isWritable()) {
			writable();
		}
	}

	/**
	 * Sends what has been offered: the other end has read most of what was sent.
	 */
	void writable() {
		synchronized (this.offered) {
			// A copy: sending may make the channel call again
			List<Frame> newest = List.copyOf(this.offered.values());
			this.offered.clear();
			newest.forEach(this::send);
		}
	}

	/**
	 * Returns how much waits for the other end to read it, if that is more than a little.
	 * @return about how many bytes wait, 0 for few
	 */
	public long backlog() {
		return this.channel.bytesBeforeWritable();
	}

	/**
	 * Sends a last frame and closes the connection.
	 */
	public void sendLast(Frame frame) {
		this.closed = true;
		FrameLog.sent(this.peerPid, frame);
		this.channel.writeAndFlush(frame).addListener(ChannelFutureListener.CLOSE);
	}

	/**
	 * Tells whether this end has closed the connection. What the other end had sent by
	 * then may still arrive, and is to be ignored.
	 */
	public boolean isClosed() {
		return this.closed;
	}

	/**
	 * Closes the connection.
	 */
	public void close() {
		this.closed = true;
		this.channel.close();
	}

}
