package io.github.bootcluster.guide;

import io.github.bootcluster.ClusterServers;
import reactor.netty.DisposableServer;
import reactor.netty.tcp.TcpServer;

import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/**
 * A server beyond the web server of the application.
 */
@Configuration(proxyBeanMethods = false)
class TcpSnippet {

	// tag::tcp[]
	@Bean(destroyMethod = "disposeNow")
	DisposableServer echo(ClusterServers servers) {
		return servers.join(TcpServer.create().port(0).handle((in, out) -> out.send(in.receive().retain()))).bindNow();
	}
	// end::tcp[]

}
