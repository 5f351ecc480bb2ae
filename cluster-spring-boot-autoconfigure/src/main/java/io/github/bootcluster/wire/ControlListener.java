package io.github.bootcluster.wire;

/**
 * Hears what happens on control connections, on their event loop.
 */
public interface ControlListener {

	/**
	 * A frame has come.
	 */
	void received(ControlConnection connection, Frame frame);

	/**
	 * The connection has ended.
	 */
	void closed(ControlConnection connection);

}
