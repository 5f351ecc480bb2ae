package io.github.bootcluster.master.supervise;

import java.util.Locale;
import java.util.UUID;

import io.github.bootcluster.WorkerExit;
import io.github.bootcluster.WorkerState;
import io.github.bootcluster.event.WorkerDisconnectedEvent;
import io.github.bootcluster.event.WorkerExitedEvent;
import io.github.bootcluster.event.WorkerListeningEvent;
import io.github.bootcluster.event.WorkerOnlineEvent;
import io.github.bootcluster.event.WorkerReadyEvent;
import io.github.bootcluster.master.listen.Listeners;
import io.github.bootcluster.message.support.MessageRouter;
import io.github.bootcluster.process.PortConflict;
import io.github.bootcluster.wire.ControlConnection;
import io.github.bootcluster.wire.Frame;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

/**
 * What happens to workers, from their first word to their exit: it is taken note of, and
 * told as an event. It belongs to the supervisor's thread.
 */
final class WorkerLives {

	private static final Log logger = LogFactory.getLog(WorkerLives.class);

	private final String password = UUID.randomUUID().toString();

	private final WorkerTable workers;

	private final Workforce workforce;

	private final Listeners listeners;

	private final MessageRouter messages;

	private final MasterEvents events;

	private final EventThread thread;

	WorkerLives(WorkerTable workers, Workforce workforce, Listeners listeners, MessageRouter messages,
			MasterEvents events, EventThread thread) {
		this.workers = workers;
		this.workforce = workforce;
		this.listeners = listeners;
		this.messages = messages;
		this.events = events;
		this.thread = thread;
	}

	/**
	 * A process calls itself a worker.
	 * @param connection its connection
	 * @param hello what it says
	 * @return whether it is believed
	 */
	boolean hello(ControlConnection connection, Frame.Hello hello) {
		WorkerHandle worker = this.workers.byId(hello.worker());
		long pid = connection.peerPid().orElse(hello.pid());
		if (worker == null || worker.pid() != pid) {
			refuse(connection, "this master did not fork a worker %d with pid %d".formatted(hello.worker(), pid));
			return false;
		}
		if (worker.state() != WorkerState.FORKED) {
			refuse(connection, "this master wants no hello of a worker %d that is %s".formatted(worker.id(),
					worker.state().name().toLowerCase(Locale.ROOT)));
			return false;
		}
		if (hello.protocol() != Frame.Hello.PROTOCOL) {
			String reason = "its starter %s speaks protocol %d, the master's speaks %d: start the master anew"
				.formatted(hello.version(), hello.protocol(), Frame.Hello.PROTOCOL);
			refuse(connection, reason);
			this.workforce.condemn(worker, reason);
			return false;
		}
		worker.online(connection);
		worker.process().online();
		this.listeners.register(worker.id(), worker.group(), worker.slot(), pid);
		this.messages.register(worker.snapshot(), connection);
		connection.send(new Frame.Welcome(this.listeners.kind(), this.password));
		this.events.publish(new WorkerOnlineEvent(worker.snapshot()));
		if (!worker.isStaying()) {
			this.workforce.remind(worker);
		}
		return true;
	}

	private void refuse(ControlConnection connection, String reason) {
		logger.warn("Refused on the control socket: " + reason);
		connection.sendLast(new Frame.Refused(reason));
	}

	void listening(WorkerHandle worker, Frame.Listening answer) {
		if (worker.state() == WorkerState.EXITED) {
			return;
		}
		if (worker.state().canBecome(WorkerState.LISTENING)) {
			worker.become(WorkerState.LISTENING);
		}
		this.events
			.publish(new WorkerListeningEvent(worker.snapshot(), answer.host(), answer.port(), this.listeners.kind()));
	}

	/**
	 * A worker accepts traffic.
	 * @param worker the worker
	 */
	void ready(WorkerHandle worker) {
		worker.ready(this.thread.now(), this.thread.nanoTime());
		this.listeners.admit(worker.id());
		this.events.publish(new WorkerReadyEvent(worker.snapshot()));
	}

	/**
	 * A worker tells that it ends.
	 * @param worker the worker
	 * @return whether that is news
	 */
	boolean draining(WorkerHandle worker) {
		if (!worker.isStaying()) {
			return false;
		}
		this.workforce.leave(worker, new Departure(Departure.Kind.OWN, "it was told to end by somebody else"));
		return true;
	}

	/**
	 * Lets a worker finish that has told that it ends, as the master has sent it a
	 * signal.
	 * @param worker the worker
	 */
	void remind(WorkerHandle worker) {
		if (worker.connection() != null) {
			this.workforce.remind(worker);
		}
	}

	/**
	 * A worker's application tells whether it accepts traffic.
	 * @param worker the worker, which is ready
	 * @param accepting whether it does
	 */
	void accepting(WorkerHandle worker, boolean accepting) {
		if (worker.isRefusing() != accepting) {
			return;
		}
		worker.refuse(!accepting);
		if (!accepting) {
			this.listeners.withhold(worker.id());
			logger.info("%s refuses traffic, by its readiness state: it gets no new connections".formatted(worker));
		}
		else if (!worker.pulse().isSuspected()) {
			this.listeners.admit(worker.id());
			logger.info("%s accepts traffic again".formatted(worker));
		}
	}

	void confirm(WorkerHandle worker) {
		this.workforce.confirm(worker);
	}

	/**
	 * The master ends as well: that a worker does is as it is to be.
	 * @param worker the worker
	 */
	void excuse(WorkerHandle worker) {
		this.workforce.leave(worker, new Departure(Departure.Kind.REQUESTED, "shutdown"));
	}

	void disconnected(WorkerHandle worker) {
		worker.disconnected();
		this.events.publish(new WorkerDisconnectedEvent(worker.snapshot()));
		if (worker.isStaying()) {
			this.workforce.leave(worker, new Departure(Departure.Kind.LOST, "its control connection was lost"));
		}
	}

	/**
	 * A worker's process has ended.
	 * @param worker the worker
	 * @param exitCode its exit code
	 * @return how it ended
	 */
	WorkerExit exited(WorkerHandle worker, int exitCode) {
		WorkerExit exit = WorkerExits.describe(exitCode, worker.departure(), worker.wasReady(),
				worker.process().lastLines(), () -> !worker.wasKilled() && worker.process().wasKilledForMemory());
		PortConflict conflict = worker.process().portConflict();
		if (conflict != null && !exit.voluntary()) {
			exit = WorkerExits.because(exit, PortHolder.describe(conflict, worker, this.workers));
		}
		if (worker.connection() != null) {
			worker.disconnected();
			this.events.publish(new WorkerDisconnectedEvent(worker.snapshot()));
		}
		worker.become(WorkerState.EXITED);
		this.workers.remove(worker);
		this.listeners.unregister(worker.id());
		this.events.publish(new WorkerExitedEvent(worker.snapshot(), exit));
		return exit;
	}

}
