package io.github.bootcluster.autoconfigure.diagnostics;

import io.github.bootcluster.process.LogFolderException;

import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/**
 * Explains {@link LogFolderException}.
 */
class LogFolderFailureAnalyzer extends AbstractFailureAnalyzer<LogFolderException> {

	@Override
	protected FailureAnalysis analyze(Throwable rootFailure, LogFolderException cause) {
		return new FailureAnalysis(
				"The logs of the workers cannot be put into '%s': %s.".formatted(cause.getDirectory(),
						cause.getProblem()),
				"Set cluster.worker.output-directory to a folder that the account of this process can write to, or "
						+ "cluster.worker.output to another value than file.",
				cause);
	}

}
