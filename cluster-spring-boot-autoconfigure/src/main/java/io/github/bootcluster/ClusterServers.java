package io.github.bootcluster;

import reactor.core.publisher.Mono;
import reactor.netty.Connection;
import reactor.netty.NettyInbound;
import reactor.netty.http.server.HttpServer;
import reactor.netty.tcp.TcpServer;
import reactor.netty.transport.ServerTransport;
import reactor.netty.transport.ServerTransportConfig;

/**
 * Lets servers that an application starts itself take part in the cluster. The same calls
 * work where the application is not clustered, and change nothing there.
 * <p>
 * A server on Reactor Netty's global event loops, which is one that names none, takes
 * part without being asked to.
 */
public interface ClusterServers {

	/**
	 * Lets a server, such as a {@link TcpServer} or an {@link HttpServer}, share its
	 * address with those of the other workers: it listens where the master does, gets its
	 * connections as the application's web server does, and its connections are finished
	 * before the worker ends. It runs on the event loops that it was given.
	 * @param server the server, which is not yet bound
	 * @param <T> the type of the server
	 * @param <C> the type of its configuration
	 * @return the server to bind
	 */
	<T extends ServerTransport<T, C>, C extends ServerTransportConfig<C>> T join(T server);

	/**
	 * Completes when this worker is to end and it is the connection's turn to do so:
	 * connections have their turns one by one, over the first third of
	 * {@code cluster.drain.timeout} but ten seconds at most, so that their clients do not
	 * come back all at once. Nothing happens to a connection that is still open
	 * afterwards, until that time is up: then it is closed.
	 * <p>
	 * What goes on over a connection can so be ended in order:
	 * {@code flux.takeUntilOther(servers.whenDraining(inbound))}.
	 * @param inbound what comes in over a connection of a server of this worker
	 * @return completes on the connection's event loop, or never if the application is
	 * not clustered
	 */
	Mono<Void> whenDraining(NettyInbound inbound);

	/**
	 * As {@link #whenDraining(NettyInbound)}, for servers whose connections are handled
	 * by somebody else, such as those of RSocket:
	 * {@code server.doOnConnection((connection)
	 * -> servers.whenDraining(connection).subscribe(null, null, connection::dispose))}
	 * closes them in their turn.
	 * @param connection a connection of a server of this worker
	 * @return completes on the connection's event loop, or never if the application is
	 * not clustered
	 */
	Mono<Void> whenDraining(Connection connection);

}
