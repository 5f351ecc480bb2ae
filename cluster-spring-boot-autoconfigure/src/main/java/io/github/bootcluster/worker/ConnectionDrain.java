package io.github.bootcluster.worker;

import io.netty.channel.Channel;

/**
 * How the connections of one web server are brought to an end. Each web server that
 * workers may use has an implementation.
 */
public interface ConnectionDrain {

	/**
	 * Lets a connection end as soon as nothing is lost by it. It is called again and
	 * again, on the connection's event loop.
	 * @param connection the connection
	 * @param closeIdle whether an idle connection is to be closed now
	 */
	void drain(Channel connection, boolean closeIdle);

}
