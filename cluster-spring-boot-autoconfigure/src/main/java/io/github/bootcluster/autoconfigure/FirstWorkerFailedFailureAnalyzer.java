package io.github.bootcluster.autoconfigure;

import io.github.bootcluster.master.FirstWorkerFailedException;

import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/**
 * Explains {@link FirstWorkerFailedException}.
 */
class FirstWorkerFailedFailureAnalyzer extends AbstractFailureAnalyzer<FirstWorkerFailedException> {

	@Override
	protected FailureAnalysis analyze(Throwable rootFailure, FirstWorkerFailedException cause) {
		return new FailureAnalysis(
				"The first worker of the cluster did not become ready: %s.".formatted(cause.getReason()),
				"Look at what the worker wrote, above. With cluster.enabled=false the application starts without a cluster.",
				cause);
	}

}
