package io.github.bootcluster.worker.netty;

import io.netty.channel.Channel;

/**
 * How the connections of one web server are brought to an end. Each web server that
 * workers may use has an implementation. All methods are called on the connection's event
 * loop.
 */
public interface ConnectionDrain {

	/**
	 * Lets a connection end as soon as nothing is lost by it. It is called again and
	 * again.
	 * @param due whether it is this connection's turn to end even if its client does
	 * nothing
	 */
	void drain(Channel connection, boolean due);

	/**
	 * Tells whether another worker could go on with a connection without knowing anything
	 * of it: all that was read is answered, and all answers are written.
	 */
	default boolean isMovable(Channel connection) {
		return false;
	}

	/**
	 * Ends what goes on over a connection whose time is up, in order as far as that is
	 * possible. It is called again and again, and the connection is closed soon
	 * afterwards.
	 */
	default void finish(Channel connection) {
	}

}
