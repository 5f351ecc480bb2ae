package io.github.bootcluster.autoconfigure.diagnostics;

import io.github.bootcluster.wire.NoMasterException;

import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/**
 * Explains {@link NoMasterException}.
 */
class NoMasterFailureAnalyzer extends AbstractFailureAnalyzer<NoMasterException> {

	@Override
	protected FailureAnalysis analyze(Throwable rootFailure, NoMasterException cause) {
		return new FailureAnalysis(
				"The environment variable CLUSTER_WORKER_ID is '%s', which makes this process a worker, but %s."
					.formatted(cause.getWorker(), cause.getProblem()),
				"Only a master sets this variable: if you set it, or your environment inherited it, remove it. "
						+ "If a master forked this process, see to it that both have the same version of the starter.",
				cause);
	}

}
