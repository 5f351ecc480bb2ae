package io.github.bootcluster.worker.netty;

import io.github.bootcluster.ClusterServers;
import io.netty.channel.Channel;

/**
 * {@link ConnectionDrain} of servers that speak no protocol that is known here: a
 * connection goes on until its client, or the application, which may be
 * {@linkplain ClusterServers#whenDraining waiting} for its turn, ends it.
 */
public final class TransportDrain implements ConnectionDrain {

	@Override
	public void drain(Channel connection, boolean due) {
		if (due) {
			DrainTurn.come(connection);
		}
	}

}
