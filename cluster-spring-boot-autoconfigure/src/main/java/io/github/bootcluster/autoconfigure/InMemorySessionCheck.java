package io.github.bootcluster.autoconfigure;

import java.util.function.Consumer;

import io.github.bootcluster.ClusterStatus;
import io.github.bootcluster.wire.WorkerIdentity;
import io.github.bootcluster.worker.MasterConnection;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.web.server.session.DefaultWebSessionManager;
import org.springframework.web.server.session.InMemoryWebSessionStore;
import org.springframework.web.server.session.WebSessionManager;

/**
 * Warns once that sessions live in the memory of one worker, where the next request meets
 * another one. Each application has a store in memory, whether it uses it or not: a
 * warning is due only when there is a session. It is looked for with each status that the
 * master tells, so that no request pays for it.
 */
final class InMemorySessionCheck implements SmartInitializingSingleton, Consumer<ClusterStatus> {

	private static final Log logger = LogFactory.getLog(InMemorySessionCheck.class);

	private final MasterConnection master;

	private final ObjectProvider<WebSessionManager> manager;

	private final boolean sticky;

	private volatile InMemoryWebSessionStore store = new InMemoryWebSessionStore();

	InMemorySessionCheck(MasterConnection master, ObjectProvider<WebSessionManager> manager, boolean sticky) {
		this.master = master;
		this.manager = manager;
		this.sticky = sticky;
	}

	@Override
	public void afterSingletonsInstantiated() {
		// One worker of several is enough to say so
		if (this.master.identity().slot() == 1 && !this.sticky
				&& this.manager.getIfUnique() instanceof DefaultWebSessionManager sessions
				&& sessions.getSessionStore() instanceof InMemoryWebSessionStore inMemory) {
			this.store = inMemory;
			this.master.addStatusReader(this);
		}
	}

	@Override
	public void accept(ClusterStatus status) {
		if (!this.store.getSessions().isEmpty() && hasOthers(status)) {
			this.master.removeStatusReader(this);
			logger.warn("Sessions live in the memory of the worker that began them, and the next connection may meet"
					+ " another worker, which asks for a login again: use Spring Session,"
					+ " or 'cluster.distribution=ip-hash', or stateless tokens");
		}
	}

	private boolean hasOthers(ClusterStatus status) {
		WorkerIdentity self = this.master.identity();
		return status.slots()
			.stream()
			.anyMatch((slot) -> slot.group().equals(self.group()) && slot.number() != self.slot());
	}

}
