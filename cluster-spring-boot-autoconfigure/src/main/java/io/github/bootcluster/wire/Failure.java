package io.github.bootcluster.wire;

import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletionException;

import io.github.bootcluster.ClusterException;
import io.github.bootcluster.ClusterUnavailableException;
import io.github.bootcluster.ForkFailedException;
import io.github.bootcluster.ForkRefusedException;
import io.github.bootcluster.RestartAbortedException;
import io.github.bootcluster.RestartInProgressException;
import io.github.bootcluster.RestartStatus;
import io.github.bootcluster.ScaleRefusedException;
import io.github.bootcluster.SignalRefusedException;
import io.github.bootcluster.UnknownGroupException;
import io.github.bootcluster.UnknownWorkerException;
import org.jspecify.annotations.Nullable;

/**
 * Exception of an {@link Operation} on its way from the master to the worker that asked.
 *
 * @param kind which exception it is
 * @param text what it is about: a name, or a sentence for people to read
 * @param reason a phrase for people to read, empty if the text is all
 * @param number a worker's id or a slot's number, 0 if neither
 * @param details further names, ids or lines
 * @param restart the rolling restart that was aborted, or {@code null}
 */
public record Failure(Kind kind, String text, String reason, int number, List<String> details,
		@Nullable RestartStatus restart) {

	public Failure {
		Objects.requireNonNull(kind, "kind");
		Objects.requireNonNull(text, "text");
		Objects.requireNonNull(reason, "reason");
		details = List.copyOf(details);
		if (kind == Kind.RESTART_ABORTED) {
			Objects.requireNonNull(restart, "restart");
		}
	}

	private Failure(Kind kind, String text) {
		this(kind, text, "", 0, List.of(), null);
	}

	/**
	 * Returns what a stage failed with, which a dependent stage wraps.
	 */
	public static Throwable cause(Throwable failure) {
		return (failure instanceof CompletionException && failure.getCause() != null) ? failure.getCause() : failure;
	}

	/**
	 * Describes an exception.
	 */
	public static Failure of(Throwable failure) {
		Throwable cause = cause(failure);
		if (cause instanceof RestartInProgressException ex) {
			return new Failure(Kind.RESTART_IN_PROGRESS, ex.getRunningId());
		}
		if (cause instanceof RestartAbortedException ex) {
			return new Failure(Kind.RESTART_ABORTED, "", "", 0, List.of(), ex.getStatus());
		}
		if (cause instanceof ForkFailedException ex) {
			return new Failure(Kind.FORK_FAILED, "", ex.getReason(), ex.getSlot(), ex.getLastLines(), null);
		}
		if (cause instanceof SignalRefusedException ex) {
			return new Failure(Kind.SIGNAL_REFUSED, ex.getSignal(), ex.getReason(), 0, List.of(), null);
		}
		if (cause instanceof UnknownWorkerException ex) {
			return new Failure(Kind.UNKNOWN_WORKER, "", "", ex.getWorker(),
					ex.getKnown().stream().map(String::valueOf).toList(), null);
		}
		if (cause instanceof UnknownGroupException ex) {
			return new Failure(Kind.UNKNOWN_GROUP, ex.getGroup(), "", 0, ex.getKnown(), null);
		}
		String message = String.valueOf(cause.getMessage());
		if (cause instanceof ScaleRefusedException) {
			return new Failure(Kind.SCALE_REFUSED, message);
		}
		if (cause instanceof ForkRefusedException) {
			return new Failure(Kind.FORK_REFUSED, message);
		}
		return new Failure(Kind.UNAVAILABLE, message);
	}

	/**
	 * Creates the exception that this describes.
	 */
	public ClusterException toException() {
		return switch (this.kind) {
			case UNAVAILABLE -> new ClusterUnavailableException(this.text);
			case RESTART_IN_PROGRESS -> new RestartInProgressException(this.text);
			case RESTART_ABORTED -> new RestartAbortedException(Objects.requireNonNull(this.restart));
			case SCALE_REFUSED -> new ScaleRefusedException(this.text);
			case FORK_REFUSED -> new ForkRefusedException(this.text);
			case FORK_FAILED -> new ForkFailedException(this.number, this.reason, this.details);
			case SIGNAL_REFUSED -> new SignalRefusedException(this.text, this.reason);
			case UNKNOWN_WORKER ->
				new UnknownWorkerException(this.number, this.details.stream().map(Integer::valueOf).toList());
			case UNKNOWN_GROUP -> new UnknownGroupException(this.text, this.details);
		};
	}

	enum Kind {

		UNAVAILABLE, RESTART_IN_PROGRESS, RESTART_ABORTED, SCALE_REFUSED, FORK_REFUSED, FORK_FAILED, SIGNAL_REFUSED,
		UNKNOWN_WORKER, UNKNOWN_GROUP

	}

}
