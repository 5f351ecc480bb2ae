package io.github.bootcluster.master.supervise;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

import io.github.bootcluster.RollingRestart;
import io.github.bootcluster.master.listen.Listeners;
import io.github.bootcluster.message.support.MessageRouter;
import io.github.bootcluster.wire.ControlConnection;
import io.github.bootcluster.wire.ControlListener;
import io.github.bootcluster.wire.Failure;
import io.github.bootcluster.wire.Frame;
import io.github.bootcluster.wire.Operation;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

/**
 * Brings what workers send to the supervisor's thread.
 */
public final class ControlFrames implements ControlListener {

	private static final Log logger = LogFactory.getLog(ControlFrames.class);

	/**
	 * How long an answer may take to a worker before a signal may end it.
	 */
	private static final Duration ANSWERING = Duration.ofMillis(100);

	private final Supervisor supervisor;

	private final MessageRouter messages;

	private final Listeners listeners;

	private final EventThread thread;

	private final TicketKeys ticketKeys;

	private final MeterCollection meters;

	private final LogLevels logLevels = new LogLevels();

	public ControlFrames(Supervisor supervisor, Listeners listeners, EventThread thread) {
		this.supervisor = supervisor;
		this.messages = supervisor.messages();
		this.listeners = listeners;
		this.thread = thread;
		this.ticketKeys = new TicketKeys(thread);
		this.meters = new MeterCollection(thread, supervisor::snapshot);
	}

	@Override
	public void received(ControlConnection connection, Frame frame) {
		if (frame instanceof Frame.Carried message && this.messages.received(connection, message)) {
			return;
		}
		if (frame instanceof Frame.Vitals vitals) {
			this.thread.executeQuietly(() -> this.supervisor.workerOf(connection)
				.ifPresentOrElse((worker) -> this.supervisor.vitals(worker, vitals),
						() -> refuse(connection, null, frame)));
			return;
		}
		this.thread.execute(() -> {
			// A worker that has ended may have left a last word
			if (connection.isClosed() || frame instanceof Frame.Meters last && this.meters.reported(connection, last)) {
				return;
			}
			Optional<WorkerHandle> worker = this.supervisor.workerOf(connection);
			if (frame instanceof Frame.Hello hello && worker.isEmpty()) {
				hello(connection, hello);
			}
			else if (worker.isEmpty() || !handle(connection, worker.get(), frame)) {
				refuse(connection, worker.orElse(null), frame);
			}
		});
	}

	private void hello(ControlConnection connection, Frame.Hello hello) {
		this.supervisor.hello(connection, hello);
		if (this.supervisor.workerOf(connection).isPresent()) {
			this.logLevels.add(connection);
		}
	}

	private static void refuse(ControlConnection connection, @Nullable WorkerHandle worker, Frame frame) {
		if (!connection.isClosed()) {
			logger.warn("Closing the control connection of %s: unexpected %s".formatted(
					(worker != null) ? worker : "a stranger",
					(frame instanceof Frame.Carried) ? frame.getClass().getSimpleName() : frame));
			connection.close();
		}
	}

	private boolean handle(ControlConnection connection, WorkerHandle worker, Frame frame) {
		if (frame instanceof Frame.Request request) {
			perform(connection, worker, request);
		}
		else if (frame instanceof Frame.Ping ping) {
			connection.send(new Frame.Received(ping.number()));
		}
		else if (frame instanceof Frame.Listen listen) {
			this.listeners.listen(worker.id(), worker.group(), listen,
					(answer) -> listened(connection, worker, answer));
		}
		else if (frame instanceof Frame.Unlisten closed) {
			this.listeners.unlisten(worker.id(), closed.listener());
		}
		else if (frame instanceof Frame.Ready ready) {
			this.messages.ready(connection);
			this.meters.ready(connection, worker);
			this.supervisor.ready(worker, ready.resources());
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
		else if (frame instanceof Frame.Health health) {
			this.supervisor.health(worker, health);
		}
		else if (frame instanceof Frame.ClaimStart claim) {
			connection.send(new Frame.StartClaimed(claim.request(), this.supervisor.election().claimStart(worker)));
		}
		else if (frame instanceof Frame.LeadGivenUp) {
			this.supervisor.election().givenUp(worker);
		}
		else if (frame instanceof Frame.ShareTicketKeys) {
			this.ticketKeys.share(connection, worker.group());
		}
		else if (frame instanceof Frame.LogLevel change) {
			this.logLevels.set(change, worker);
		}
		else if (frame instanceof Frame.CollectMeters request) {
			this.meters.collect(connection, request);
		}
		else if (frame instanceof Frame.RetiredMeters sum) {
			this.meters.replace(sum);
		}
		else {
			// Of a worker that was never ready nothing is shown
			return frame instanceof Frame.Meters;
		}
		return true;
	}

	private void listened(ControlConnection connection, WorkerHandle worker, Frame answer) {
		connection.send(answer);
		if (answer instanceof Frame.Listening listening) {
			this.thread.execute(() -> this.supervisor.listening(worker, listening));
		}
	}

	private void perform(ControlConnection connection, WorkerHandle worker, Frame.Request request) {
		int number = request.number();
		Operation operation = request.operation();
		Operations operations = this.supervisor.operations();
		String origin = "worker %d".formatted(worker.id());
		connection.send(new Frame.Received(number));
		try {
			if (Operations.endsAsker(operation, worker)) {
				connection.send(new Frame.Success(number, operations.answerBefore(operation, worker)));
				this.thread.schedule(() -> {
					if (!worker.isGone()) {
						operations.perform(operation, origin, worker);
					}
				}, (operation instanceof Operation.Kill) ? ANSWERING : Duration.ZERO);
				return;
			}
			CompletionStage<?> performed = operations.perform(operation, origin, worker);
			if (operation instanceof Operation.Stop) {
				// Nobody could be told of its end
				connection.send(new Frame.Success(number, null));
				return;
			}
			performed.whenComplete((result, failure) -> {
				if (failure != null) {
					connection.send(new Frame.Failed(number, Failure.of(failure)));
				}
				else if (result instanceof RollingRestart restart) {
					// The worker may be told next that it is to end: the board would be
					// late
					restart.completion().thenRun(() -> connection.send(new Frame.Status(this.supervisor.snapshot())));
					connection.send(new Frame.Success(number, restart.status()));
				}
				else {
					connection.send(new Frame.Success(number, result));
				}
			});
		}
		catch (RuntimeException ex) {
			connection.send(new Frame.Failed(number, Failure.of(ex)));
		}
	}

	@Override
	public void closed(ControlConnection connection) {
		this.messages.closed(connection);
		this.thread.execute(() -> {
			// Its hello may have waited for this thread all the while
			this.messages.closed(connection);
			this.ticketKeys.forget(connection);
			this.meters.closed(connection);
			this.logLevels.forget(connection);
			this.supervisor.workerOf(connection).ifPresent(this.supervisor::disconnected);
		});
	}

}
