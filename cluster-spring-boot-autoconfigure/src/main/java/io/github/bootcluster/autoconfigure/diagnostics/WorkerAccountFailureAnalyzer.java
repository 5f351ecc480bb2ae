package io.github.bootcluster.autoconfigure.diagnostics;

import io.github.bootcluster.process.WorkerAccountException;

import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/**
 * Explains {@link WorkerAccountException}.
 */
class WorkerAccountFailureAnalyzer extends AbstractFailureAnalyzer<WorkerAccountException> {

	@Override
	protected FailureAnalysis analyze(Throwable rootFailure, WorkerAccountException cause) {
		return new FailureAnalysis("Workers cannot run as '%s': %s.".formatted(cause.getAccount(), cause.getProblem()),
				"Give the account what it needs, or leave cluster.worker.run-as.user and cluster.worker.run-as.group out.",
				cause);
	}

}
