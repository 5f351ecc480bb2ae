package io.github.bootcluster.worker.netty;

import java.util.function.Supplier;

import io.github.bootcluster.worker.MasterConnection;
import reactor.netty.http.HttpResources;
import reactor.netty.resources.LoopResources;
import reactor.netty.tcp.TcpResources;

import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.http.client.ReactorResourceFactory;

/**
 * Makes every server of the application take part in the cluster by the event loops that
 * it runs on: those of a {@link ReactorResourceFactory}, or Reactor Netty's global ones,
 * which a server of the application's own uses where it names none, and the management
 * server, too, whose context is given no other.
 */
public final class LoopResourcesPostProcessor implements BeanPostProcessor {

	private final Supplier<MasterConnection> master;

	private final Supplier<NettyConnections> connections;

	/**
	 * Creates the post-processor.
	 */
	public LoopResourcesPostProcessor(Supplier<MasterConnection> master, Supplier<NettyConnections> connections) {
		this.master = master;
		this.connections = connections;
	}

	/**
	 * Lets servers on Reactor Netty's global resources take part, before there is any.
	 */
	public void replaceGlobalResources() {
		HttpResources
			.set(new ClusterLoopResources(LoopResources.create("reactor-http"), this.master, this.connections));
		TcpResources.set(new ClusterLoopResources(LoopResources.create("reactor-tcp"), this.master, this.connections));
	}

	@Override
	public Object postProcessAfterInitialization(Object bean, String beanName) {
		if (bean instanceof ReactorResourceFactory factory
				&& !(factory.getLoopResources() instanceof ClusterLoopResources)) {
			factory
				.setLoopResources(new ClusterLoopResources(factory.getLoopResources(), this.master, this.connections));
		}
		return bean;
	}

}
