package io.github.bootcluster.master.supervise;

import java.util.Optional;

import io.github.bootcluster.RestartAbortedException;
import io.github.bootcluster.RestartInProgressException;
import io.github.bootcluster.ScaleOutcome;
import io.github.bootcluster.ScaleRefusedException;
import io.github.bootcluster.UnknownGroupException;
import io.github.bootcluster.master.listen.Listeners;
import io.github.bootcluster.message.support.MessageRouter;
import io.github.bootcluster.wire.ControlConnection;
import io.github.bootcluster.wire.ControlListener;
import io.github.bootcluster.wire.Frame;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

/**
 * Brings what workers say to the supervisor's thread.
 */
public final class ControlFrames implements ControlListener {

	private static final Log logger = LogFactory.getLog(ControlFrames.class);

	private final Supervisor supervisor;

	private final OperationFrames operations;

	private final MessageRouter messages;

	private final Listeners listeners;

	private final EventThread thread;

	public ControlFrames(Supervisor supervisor, Listeners listeners, EventThread thread) {
		this.supervisor = supervisor;
		this.operations = new OperationFrames(supervisor.operations(), thread);
		this.messages = supervisor.messages();
		this.listeners = listeners;
		this.thread = thread;
	}

	@Override
	public void received(ControlConnection connection, Frame frame) {
		if (frame instanceof Frame.Carried message && this.messages.received(connection, message)) {
			return;
		}
		if (frame instanceof Frame.Vitals vitals) {
			this.thread.executeQuietly(() -> this.supervisor.workerOf(connection)
				.ifPresent((worker) -> this.supervisor.vitals(worker, vitals.vitals())));
			return;
		}
		this.thread.execute(() -> {
			if (connection.isClosed()) {
				return;
			}
			Optional<WorkerHandle> worker = this.supervisor.workerOf(connection);
			if (frame instanceof Frame.Hello hello && worker.isEmpty()) {
				this.supervisor.hello(connection, hello);
			}
			else if (worker.isEmpty() || !handle(connection, worker.get(), frame)) {
				logger.warn("Closing the control connection of %s: unexpected %s"
					.formatted(worker.map(WorkerHandle::toString).orElse("a stranger"), describe(frame)));
				connection.close();
			}
		});
	}

	private static Object describe(Frame frame) {
		return (frame instanceof Frame.Carried) ? frame.getClass().getSimpleName() : frame;
	}

	private boolean handle(ControlConnection connection, WorkerHandle worker, Frame frame) {
		if (frame instanceof Frame.Operation operation) {
			connection.send(new Frame.Received(operation.request()));
		}
		if (frame instanceof Frame.Listen listen) {
			this.listeners.listen(worker.id(), worker.group(), listen,
					(answer) -> listened(connection, worker, answer));
		}
		else if (frame instanceof Frame.Unlisten closed) {
			this.listeners.unlisten(worker.id(), closed.listener());
		}
		else if (frame instanceof Frame.Ready) {
			this.messages.ready(connection);
			this.supervisor.ready(worker);
		}
		else if (frame instanceof Frame.Availability availability) {
			this.supervisor.available(worker, availability);
		}
		else if (frame instanceof Frame.Draining) {
			this.supervisor.draining(worker);
		}
		else if (frame instanceof Frame.ThreadDump dump) {
			worker.pulse().dumped(dump.dump());
		}
		else if (frame instanceof Frame.Restart restart) {
			this.supervisor.beginRestart(restart.group(), restart.awaited() ? worker : null)
				.whenComplete((begun, failure) -> connection.send((failure != null) ? refusal(restart, failure)
						: new Frame.RestartStarted(restart.request(), begun.status())));
		}
		else if (frame instanceof Frame.Health health) {
			this.supervisor.health(worker, health);
		}
		else if (frame instanceof Frame.Scale scale) {
			connection.send(scale(worker, scale));
		}
		else if (frame instanceof Frame.ClaimStart claim) {
			connection.send(new Frame.StartClaimed(claim.request(), this.supervisor.election().claimStart(worker)));
		}
		else if (frame instanceof Frame.LeadGivenUp) {
			this.supervisor.election().givenUp(worker);
		}
		else {
			return this.operations.handle(connection, worker, frame);
		}
		return true;
	}

	private void listened(ControlConnection connection, WorkerHandle worker, Frame answer) {
		connection.send(answer);
		if (answer instanceof Frame.Listening listening) {
			this.thread.execute(() -> this.supervisor.listening(worker, listening));
		}
	}

	private static Frame refusal(Frame.Restart request, Throwable failure) {
		if (failure instanceof RestartInProgressException ex) {
			return new Frame.RestartRefused(request.request(), ex.getRunningId());
		}
		if (failure instanceof RestartAbortedException ex) {
			return new Frame.RestartAborted(request.request(), ex.getStatus());
		}
		return failed(request.request(), failure);
	}

	private static Frame failed(int request, Throwable failure) {
		return (failure instanceof UnknownGroupException ex)
				? new Frame.GroupUnknown(request, ex.getGroup(), ex.getKnown())
				: new Frame.Failed(request, String.valueOf(failure.getMessage()));
	}

	private Frame scale(WorkerHandle worker, Frame.Scale request) {
		try {
			ScaleOutcome outcome = this.supervisor.scaleTo(request.group(), request.workers(),
					"worker %d".formatted(worker.id()));
			return new Frame.Scaled(request.request(), outcome.workers(), outcome.previous());
		}
		catch (ScaleRefusedException ex) {
			return new Frame.ScaleRefused(request.request(), String.valueOf(ex.getMessage()));
		}
		catch (RuntimeException ex) {
			return failed(request.request(), ex);
		}
	}

	@Override
	public void closed(ControlConnection connection) {
		this.messages.closed(connection);
		this.thread.execute(() -> {
			// Its hello may have waited for this thread all the while
			this.messages.closed(connection);
			this.supervisor.workerOf(connection).ifPresent(this.supervisor::disconnected);
		});
	}

}
