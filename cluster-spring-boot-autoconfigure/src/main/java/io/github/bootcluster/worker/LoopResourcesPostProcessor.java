package io.github.bootcluster.worker;

import java.util.function.Supplier;

import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.http.client.ReactorResourceFactory;

/**
 * Makes every web server of the application take part in the cluster by the one thing
 * that they share: customizers of the web server's factory would miss the management
 * server, whose context does not see them.
 */
public final class LoopResourcesPostProcessor implements BeanPostProcessor {

	private final Supplier<MasterConnection> master;

	private final Supplier<WorkerConnections> connections;

	/**
	 * Creates the post-processor.
	 * @param master the way to the master
	 * @param connections takes note of the connections
	 */
	public LoopResourcesPostProcessor(Supplier<MasterConnection> master, Supplier<WorkerConnections> connections) {
		this.master = master;
		this.connections = connections;
	}

	@Override
	public Object postProcessAfterInitialization(Object bean, String beanName) {
		if (bean instanceof ReactorResourceFactory factory
				&& !(factory.getLoopResources() instanceof ClusterLoopResources)) {
			factory.setLoopResources(
					new ClusterLoopResources(factory.getLoopResources(), this.master.get(), this.connections.get()));
		}
		return bean;
	}

}
