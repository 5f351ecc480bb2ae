package io.github.bootcluster.master.supervise;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import java.util.function.Supplier;

import io.github.bootcluster.DisconnectOutcome;
import io.github.bootcluster.ForkFailedException;
import io.github.bootcluster.ForkRefusedException;
import io.github.bootcluster.SignalRefusedException;
import io.github.bootcluster.UnknownWorkerException;
import io.github.bootcluster.wire.ControlConnection;
import io.github.bootcluster.wire.Frame;

/**
 * Does what workers ask the master to do to workers, and answers. A worker that asks for
 * its own end is answered before. It belongs to the supervisor's thread.
 */
final class OperationFrames {

	/**
	 * How long an answer may take to the worker before a signal may end it.
	 */
	private static final Duration ANSWERING = Duration.ofMillis(100);

	private final Operations operations;

	private final EventThread thread;

	OperationFrames(Operations operations, EventThread thread) {
		this.operations = operations;
		this.thread = thread;
	}

	/**
	 * Deals with a frame.
	 * @param connection the connection that it came over
	 * @param worker the worker that sent it
	 * @param frame the frame
	 * @return whether it is one of these
	 */
	boolean handle(ControlConnection connection, WorkerHandle worker, Frame frame) {
		String origin = "worker %d".formatted(worker.id());
		if (frame instanceof Frame.Fork fork) {
			answer(connection, fork.request(), () -> this.operations.fork(fork.environment(), origin),
					(forked) -> new Frame.Forked(fork.request(), forked));
		}
		else if (frame instanceof Frame.Disconnect disconnect) {
			answer(connection, disconnect.request(), () -> disconnect(worker, disconnect.worker(), origin),
					(outcome) -> new Frame.Disconnected(disconnect.request(), outcome));
		}
		else if (frame instanceof Frame.DisconnectAll all) {
			answer(connection, all.request(), () -> this.operations.disconnectAll(worker, origin),
					(done) -> new Frame.Done(all.request()));
		}
		else if (frame instanceof Frame.Kill kill) {
			answer(connection, kill.request(), () -> kill(worker, kill, origin),
					(done) -> new Frame.Done(kill.request()));
		}
		else if (frame instanceof Frame.Shutdown shutdown) {
			answer(connection, shutdown.request(), () -> {
				// Nobody could be told of its end
				this.operations.shutdown(origin);
				return CompletableFuture.completedFuture(null);
			}, (done) -> new Frame.Done(shutdown.request()));
		}
		else {
			return false;
		}
		return true;
	}

	private CompletionStage<DisconnectOutcome> disconnect(WorkerHandle asker, int id, String origin) {
		if (asker.id() != id) {
			return this.operations.disconnect(id, origin);
		}
		this.operations.requireAvailable();
		this.thread.execute(() -> {
			if (!asker.isGone()) {
				this.operations.disconnect(id, origin);
			}
		});
		return CompletableFuture.completedFuture(new DisconnectOutcome(asker.snapshot(), null));
	}

	private CompletionStage<Void> kill(WorkerHandle asker, Frame.Kill kill, String origin) {
		if (asker.id() != kill.worker()) {
			return this.operations.kill(kill.worker(), kill.signal(), origin);
		}
		this.operations.signal(kill.signal());
		this.thread.schedule(() -> {
			if (!asker.isGone()) {
				this.operations.kill(kill.worker(), kill.signal(), origin);
			}
		}, ANSWERING);
		return CompletableFuture.completedFuture(null);
	}

	private <T> void answer(ControlConnection connection, int request, Supplier<CompletionStage<T>> operation,
			Function<T, Frame> success) {
		try {
			operation.get()
				.whenComplete((result, failure) -> connection
					.send((failure != null) ? refusal(request, failure) : success.apply(result)));
		}
		catch (RuntimeException ex) {
			connection.send(refusal(request, ex));
		}
	}

	private static Frame refusal(int request, Throwable failure) {
		Throwable cause = (failure instanceof CompletionException && failure.getCause() != null) ? failure.getCause()
				: failure;
		if (cause instanceof ForkRefusedException ex) {
			return new Frame.ForkRefused(request, String.valueOf(ex.getMessage()));
		}
		if (cause instanceof ForkFailedException ex) {
			return new Frame.ForkFailed(request, ex.getSlot(), ex.getReason(), ex.getLastLines());
		}
		if (cause instanceof UnknownWorkerException ex) {
			return new Frame.UnknownWorker(request, ex.getWorker(), ex.getKnown());
		}
		if (cause instanceof SignalRefusedException ex) {
			return new Frame.SignalRefused(request, ex.getSignal(), ex.getReason());
		}
		return new Frame.Failed(request, String.valueOf(cause.getMessage()));
	}

}
