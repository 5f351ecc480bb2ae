package io.github.bootcluster.autoconfigure.diagnostics;

import io.github.bootcluster.file.UntrustedFolderException;
import io.github.bootcluster.wire.WorkDirectoryException;

import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/**
 * Explains {@link WorkDirectoryException}.
 */
class WorkDirectoryFailureAnalyzer extends AbstractFailureAnalyzer<WorkDirectoryException> {

	@Override
	protected FailureAnalysis analyze(Throwable rootFailure, WorkDirectoryException cause) {
		return new FailureAnalysis("The sockets of the cluster cannot be put below '%s': %s."
			.formatted(cause.getDirectory(), cause.getProblem()), action(cause), cause);
	}

	private static String action(WorkDirectoryException cause) {
		if (cause.getCause() instanceof UntrustedFolderException untrusted) {
			return "Set cluster.work-directory to a folder that no other account can change, or mend '%s' by chown and chmod. %s"
				.formatted(untrusted.getFolder(), untrusted.getAllowed());
		}
		return "Set cluster.work-directory to a short path of a folder that the account of this process can write to.";
	}

}
