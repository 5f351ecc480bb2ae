package io.github.bootcluster.wire;

import io.github.bootcluster.WorkerResources;

/**
 * Frames that many tests send.
 */
public final class TestFrames {

	/**
	 * A worker with one processor, one event loop and a heap of 64 MB is ready.
	 */
	public static final Frame.Ready READY = new Frame.Ready(new WorkerResources(1, 1, 64 << 20));

	/**
	 * The same as it goes over the socket.
	 */
	public static final String READY_TEXT = """
			{"type":"ready","resources":{"processors":1,"eventLoops":1,"maxHeap":67108864}}""";

	private TestFrames() {
	}

}
