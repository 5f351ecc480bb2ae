package io.github.bootcluster.master.listen;

import java.io.IOException;

import io.github.bootcluster.wire.Frame;
import io.github.bootcluster.wire.ListenFailure;
import io.netty.channel.unix.Errors.NativeIoException;

/**
 * Puts a failure to listen into words that a worker can act on. Failures of the operating
 * system are told apart by their numbers, those of Linux: its words depend on the locale.
 */
final class ListenFailures {

	private static final int EPERM = 1;

	private static final int EACCES = 13;

	private static final int EADDRINUSE = 98;

	private static final int EADDRNOTAVAIL = 99;

	private ListenFailures() {
	}

	static Frame.ListenFailed describe(Frame.Listen request, IOException cause, boolean closed) {
		return new Frame.ListenFailed(request.request(), closed ? ListenFailure.SHUTTING_DOWN : classify(cause),
				String.valueOf(cause.getMessage()));
	}

	static ListenFailure classify(IOException cause) {
		if (cause instanceof ListenDeniedException denied) {
			return denied.failure();
		}
		return switch ((cause instanceof NativeIoException failure) ? -failure.expectedErr() : 0) {
			case EADDRINUSE -> ListenFailure.ADDRESS_IN_USE;
			case EACCES, EPERM -> ListenFailure.PERMISSION_DENIED;
			case EADDRNOTAVAIL -> ListenFailure.ADDRESS_NOT_AVAILABLE;
			default -> ListenFailure.OTHER;
		};
	}

}
