package io.github.bootcluster.autoconfigure;

import io.github.bootcluster.ClusterServers;
import org.junit.jupiter.api.Test;
import reactor.netty.tcp.TcpServer;
import reactor.netty.transport.ServerTransport;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.Mockito.mock;

/**
 * Tests of the bean by which servers join, where there is no cluster. In a worker it is
 * tested with the whole of it.
 */
class ClusterServersTests {

	private final ApplicationContextRunner runner = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(ClusterAutoConfiguration.class));

	@Test
	void serverOfAnUnclusteredProcessStaysAsItIs() {
		this.runner.run((context) -> {
			TcpServer server = TcpServer.create();
			assertThat(context.getBean(ClusterServers.class).join(server)).isSameAs(server);
		});
	}

	@Test
	void thereIsNoBeanWithoutReactorNetty() {
		this.runner.withClassLoader(new FilteredClassLoader(ServerTransport.class))
			.run((context) -> assertThat(context).hasNotFailed().doesNotHaveBean("bootClusterServers"));
	}

	@Test
	void applicationMayHaveItsOwn() {
		ClusterServers own = mock(ClusterServers.class);
		this.runner.withBean(ClusterServers.class, () -> own)
			.run((context) -> assertThat(context.getBean(ClusterServers.class)).isSameAs(own));
	}

}
