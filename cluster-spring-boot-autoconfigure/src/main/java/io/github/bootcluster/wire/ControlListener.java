package io.github.bootcluster.wire;

/**
 * Hears what happens on control connections, on their event loop.
 */
public interface ControlListener {

	/**
	 * A frame has come.
	 * @param connection the connection
	 * @param frame the frame
	 */
	void received(ControlConnection connection, Frame frame);

	/**
	 * The connection has ended.
	 * @param connection the connection
	 */
	void closed(ControlConnection connection);

}
