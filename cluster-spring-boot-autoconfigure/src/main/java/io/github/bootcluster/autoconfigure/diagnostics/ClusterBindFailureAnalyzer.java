package io.github.bootcluster.autoconfigure.diagnostics;

import java.time.Duration;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.bind.BindException;
import org.springframework.boot.context.properties.source.ConfigurationProperty;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.core.Ordered;
import org.springframework.util.ClassUtils;
import org.springframework.util.unit.DataSize;

/**
 * Explains a property of the cluster whose value cannot be converted, ahead of Spring
 * Boot's own analyzer, which does not tell what is allowed.
 */
class ClusterBindFailureAnalyzer extends AbstractFailureAnalyzer<BindException> implements Ordered {

	private static final ConfigurationPropertyName PREFIX = ConfigurationPropertyName.of("cluster");

	@Override
	public int getOrder() {
		return 0;
	}

	@Override
	protected @Nullable FailureAnalysis analyze(Throwable rootFailure, BindException cause) {
		ConfigurationProperty property = cause.getProperty();
		Class<?> type = cause.getTarget().getType().resolve();
		String allowed = (type != null) ? allowed(ClassUtils.resolvePrimitiveIfNecessary(type)) : null;
		if (property == null || allowed == null || !PREFIX.isAncestorOf(cause.getName())) {
			return null;
		}
		String origin = (property.getOrigin() != null) ? " (originating from %s)".formatted(property.getOrigin()) : "";
		return new FailureAnalysis("Property '%s' has the value '%s'%s, which is not allowed."
			.formatted(cause.getName(), property.getValue(), origin), "Set it to %s.".formatted(allowed), cause);
	}

	private static @Nullable String allowed(Class<?> type) {
		if (type.isEnum()) {
			return "one of: " + Stream.of(type.getEnumConstants())
				.map((constant) -> ((Enum<?>) constant).name().toLowerCase(Locale.ROOT).replace('_', '-'))
				.collect(Collectors.joining(", "));
		}
		if (type == Duration.class) {
			return "a duration, such as 500ms, 30s or 5m";
		}
		if (type == Boolean.class) {
			return "true or false";
		}
		if (type == DataSize.class) {
			return "a size, such as 512MB or 2GB";
		}
		if (type == Integer.class || type == Long.class) {
			return "a whole number";
		}
		return (type == Double.class) ? "a number" : null;
	}

}
