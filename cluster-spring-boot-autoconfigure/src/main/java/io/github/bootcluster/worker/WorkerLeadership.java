package io.github.bootcluster.worker;

import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

import io.github.bootcluster.ClusterLeadership;
import io.github.bootcluster.event.LeadershipEvent;
import io.github.bootcluster.event.LeadershipGrantedEvent;
import io.github.bootcluster.event.LeadershipRevokedEvent;
import io.github.bootcluster.wire.Frame;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

import org.springframework.context.ApplicationEventPublisher;

/**
 * Whether this worker leads. The master says when it does; the worker itself gives the
 * lead up as soon as it is to end, and tells so once nothing runs any more that needs it.
 */
public final class WorkerLeadership implements ClusterLeadership {

	private static final Log logger = LogFactory.getLog(WorkerLeadership.class);

	private final MasterConnection master;

	private final ApplicationEventPublisher publisher;

	private final ExecutorService events = Executors.newSingleThreadExecutor((task) -> {
		Thread thread = new Thread(task, "cluster-leadership");
		thread.setDaemon(true);
		return thread;
	});

	private boolean leader;

	/**
	 * Whether this worker will never lead again.
	 */
	private boolean ending;

	/**
	 * Whether the master believes that this worker leads.
	 */
	private boolean owed;

	private int running;

	/**
	 * Creates the leadership of a worker that does not lead yet.
	 */
	public WorkerLeadership(MasterConnection master, ApplicationEventPublisher publisher) {
		this.master = master;
		this.publisher = publisher;
	}

	/**
	 * Begins to listen to the master.
	 */
	public void start() {
		this.master.lead().thenRun(this::lead);
		this.master.drainRequested().thenRun(this::giveUp);
		this.master.lost().thenRun(this::giveUp);
	}

	private synchronized void lead() {
		this.owed = true;
		if (this.ending) {
			settle();
		}
		else if (!this.leader) {
			this.leader = true;
			logger.info("Elected leader");
			publish(new LeadershipGrantedEvent(this));
		}
	}

	/**
	 * Gives the lead up for good: this worker is to end.
	 */
	public synchronized void giveUp() {
		this.ending = true;
		if (this.leader) {
			this.leader = false;
			logger.info("No longer leader");
			publish(new LeadershipRevokedEvent(this));
		}
		settle();
	}

	private void settle() {
		if (this.owed && this.ending && this.running == 0) {
			this.owed = false;
			this.master.send(new Frame.LeadGivenUp());
		}
	}

	@Override
	public synchronized boolean isLeader() {
		return this.leader;
	}

	@Override
	public boolean runIfLeader(Runnable task) {
		synchronized (this) {
			if (!this.leader) {
				return false;
			}
			this.running++;
		}
		try {
			task.run();
		}
		finally {
			synchronized (this) {
				this.running--;
				settle();
			}
		}
		return true;
	}

	private void publish(LeadershipEvent event) {
		this.events.execute(() -> {
			try {
				this.publisher.publishEvent(event);
			}
			catch (RuntimeException ex) {
				logger.error("A listener of %s failed".formatted(event.getClass().getSimpleName()), ex);
			}
		});
	}

}
