package io.github.bootcluster.autoconfigure.diagnostics;

import io.github.bootcluster.master.PidFileException;

import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/**
 * Explains {@link PidFileException}.
 */
class PidFileFailureAnalyzer extends AbstractFailureAnalyzer<PidFileException> {

	@Override
	protected FailureAnalysis analyze(Throwable rootFailure, PidFileException cause) {
		String action = (cause.getOwner() != null)
				? "End process %d before another master is started, or give this one another file by cluster.pid-file."
					.formatted(cause.getOwner())
				: "Set cluster.pid-file to the path of a file, in a folder that exists and that the account of this process can write to.";
		return new FailureAnalysis(
				"The pid file '%s' cannot be written: %s.".formatted(cause.getFile(), cause.getProblem()), action,
				cause);
	}

}
