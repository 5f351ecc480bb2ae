package io.github.bootcluster.autoconfigure.diagnostics;

import io.github.bootcluster.process.SnapshotException;

import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/**
 * Explains {@link SnapshotException}.
 */
class SnapshotFailureAnalyzer extends AbstractFailureAnalyzer<SnapshotException> {

	@Override
	protected FailureAnalysis analyze(Throwable rootFailure, SnapshotException cause) {
		return new FailureAnalysis(
				"The cluster runs from a copy of '%s', which cannot be made: %s.".formatted(cause.getJar(),
						cause.getProblem()),
				"See to it that the JAR is whole and readable and that the folder for the copy has room for it; "
						+ "cluster.work-directory names another one. With cluster.enabled=false the application starts "
						+ "without a cluster.",
				cause);
	}

}
