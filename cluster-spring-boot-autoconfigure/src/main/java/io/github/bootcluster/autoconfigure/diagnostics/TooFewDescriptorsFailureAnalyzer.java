package io.github.bootcluster.autoconfigure.diagnostics;

import io.github.bootcluster.master.listen.TooFewDescriptorsException;

import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/**
 * Explains {@link TooFewDescriptorsException}.
 */
class TooFewDescriptorsFailureAnalyzer extends AbstractFailureAnalyzer<TooFewDescriptorsException> {

	@Override
	protected FailureAnalysis analyze(Throwable rootFailure, TooFewDescriptorsException cause) {
		return new FailureAnalysis(
				"%d workers need up to %d open files in the master, but it may open only %d."
					.formatted(cause.getWorkers(), cause.getNeeded(), cause.getLimit()),
				"Raise the limit (ulimit -n, or LimitNOFILE= of a systemd unit), or set cluster.workers to a smaller number.",
				cause);
	}

}
