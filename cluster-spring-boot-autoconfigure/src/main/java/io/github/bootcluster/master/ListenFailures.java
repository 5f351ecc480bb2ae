package io.github.bootcluster.master;

import java.io.IOException;
import java.util.Locale;

import io.github.bootcluster.wire.Frame;
import io.github.bootcluster.wire.ListenFailure;

/**
 * Puts a failure to listen into words that a worker can act on.
 */
final class ListenFailures {

	private ListenFailures() {
	}

	static Frame.ListenFailed describe(Frame.Listen request, IOException cause, boolean closed) {
		String message = String.valueOf(cause.getMessage());
		ListenFailure failure = (cause instanceof GroupAddressException) ? ListenFailure.ADDRESS_OF_GROUP
				: classify(message);
		return new Frame.ListenFailed(request.request(), closed ? ListenFailure.SHUTTING_DOWN : failure, message);
	}

	/**
	 * Tells failures apart by the words of the operating system: the JDK and Netty wrap
	 * them in different exceptions, but both pass these on.
	 * @param message the words
	 * @return the kind of failure
	 */
	private static ListenFailure classify(String message) {
		String lower = message.toLowerCase(Locale.ROOT);
		if (lower.contains("address already in use")) {
			return ListenFailure.ADDRESS_IN_USE;
		}
		if (lower.contains("permission denied")) {
			return ListenFailure.PERMISSION_DENIED;
		}
		if (lower.contains("cannot assign requested address")) {
			return ListenFailure.ADDRESS_NOT_AVAILABLE;
		}
		return ListenFailure.OTHER;
	}

}
