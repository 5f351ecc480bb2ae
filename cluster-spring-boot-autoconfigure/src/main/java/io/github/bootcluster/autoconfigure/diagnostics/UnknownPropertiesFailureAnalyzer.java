package io.github.bootcluster.autoconfigure.diagnostics;

import java.util.stream.Collectors;

import io.github.bootcluster.autoconfigure.properties.UnknownPropertiesException;

import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/**
 * Explains {@link UnknownPropertiesException}.
 */
public class UnknownPropertiesFailureAnalyzer extends AbstractFailureAnalyzer<UnknownPropertiesException> {

	@Override
	protected FailureAnalysis analyze(Throwable rootFailure, UnknownPropertiesException cause) {
		String description = cause.getUnknown()
			.stream()
			.map((unknown) -> "There is no property %s.%s".formatted(unknown.describe(),
					(unknown.nearest() != null) ? " Did you mean '%s'?".formatted(unknown.nearest()) : ""))
			.collect(Collectors.joining(System.lineSeparator()));
		return new FailureAnalysis(description,
				"Correct the name or remove the property. A property of the application's own needs another prefix.",
				cause);
	}

}
