package io.github.bootcluster.sample;

import java.io.IOException;

import org.jspecify.annotations.Nullable;

/**
 * An attempt that got no whole answer.
 */
final class ExchangeFailedException extends IOException {

	private final Outcome outcome;

	ExchangeFailedException(Outcome outcome, String detail, @Nullable Throwable cause) {
		super(outcome + ": " + detail, cause);
		this.outcome = outcome;
	}

	Outcome outcome() {
		return this.outcome;
	}

}
