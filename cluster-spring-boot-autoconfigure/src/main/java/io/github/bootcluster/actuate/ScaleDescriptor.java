package io.github.bootcluster.actuate;

import io.github.bootcluster.ScaleOutcome;

import org.springframework.boot.actuate.endpoint.OperationResponseBody;

/**
 * Body that tells the number of workers from now on.
 *
 * @param workers the wanted number
 * @param previous the wanted number until now
 */
record ScaleDescriptor(int workers, int previous) implements OperationResponseBody {

	static ScaleDescriptor of(ScaleOutcome outcome) {
		return new ScaleDescriptor(outcome.workers(), outcome.previous());
	}

}
