package io.github.bootcluster;

/**
 * Thrown when a signal cannot be sent to a worker.
 */
public class SignalRefusedException extends ClusterException {

	private final String signal;

	private final String reason;

	/**
	 * Creates an exception.
	 * @param signal the signal as it was named
	 * @param reason a phrase that tells what is wrong, or what is allowed
	 */
	public SignalRefusedException(String signal, String reason) {
		super("Signal '%s' cannot be sent: %s".formatted(signal, reason));
		this.signal = signal;
		this.reason = reason;
	}

	/**
	 * Returns the signal as it was named.
	 * @return the name
	 */
	public String getSignal() {
		return this.signal;
	}

	/**
	 * Returns what is wrong, or what is allowed.
	 * @return a phrase
	 */
	public String getReason() {
		return this.reason;
	}

}
