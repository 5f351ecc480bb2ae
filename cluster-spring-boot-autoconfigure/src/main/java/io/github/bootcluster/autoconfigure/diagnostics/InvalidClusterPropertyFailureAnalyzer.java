package io.github.bootcluster.autoconfigure.diagnostics;

import io.github.bootcluster.autoconfigure.properties.InvalidClusterPropertyException;

import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/**
 * Explains {@link InvalidClusterPropertyException}.
 */
class InvalidClusterPropertyFailureAnalyzer extends AbstractFailureAnalyzer<InvalidClusterPropertyException> {

	@Override
	protected FailureAnalysis analyze(Throwable rootFailure, InvalidClusterPropertyException cause) {
		return new FailureAnalysis("Property '%s' has the value '%s', which is not allowed."
			.formatted(cause.getProperty(), cause.getValue()), "Set it to %s.".formatted(cause.getAllowed()), cause);
	}

}
