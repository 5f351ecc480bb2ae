package io.github.bootcluster.autoconfigure;

import io.github.bootcluster.wire.WorkDirectoryException;

import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/**
 * Explains {@link WorkDirectoryException}.
 */
class WorkDirectoryFailureAnalyzer extends AbstractFailureAnalyzer<WorkDirectoryException> {

	@Override
	protected FailureAnalysis analyze(Throwable rootFailure, WorkDirectoryException cause) {
		return new FailureAnalysis(
				"The sockets of the cluster cannot be put below '%s': %s.".formatted(cause.getDirectory(),
						cause.getProblem()),
				"Set cluster.work-directory to a short path of a folder that the account of this process can write to.",
				cause);
	}

}
