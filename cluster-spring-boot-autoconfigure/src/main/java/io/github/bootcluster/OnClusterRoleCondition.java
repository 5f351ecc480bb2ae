package io.github.bootcluster;

import java.util.List;
import java.util.Map;

import org.springframework.context.annotation.ConditionContext;
import org.springframework.context.annotation.ConfigurationCondition;
import org.springframework.core.type.AnnotatedTypeMetadata;

/**
 * Condition behind {@link ConditionalOnClusterRole}.
 */
class OnClusterRoleCondition implements ConfigurationCondition {

	@Override
	public ConfigurationPhase getConfigurationPhase() {
		return ConfigurationPhase.PARSE_CONFIGURATION;
	}

	@Override
	public boolean matches(ConditionContext context, AnnotatedTypeMetadata metadata) {
		Map<String, Object> attributes = metadata.getAnnotationAttributes(ConditionalOnClusterRole.class.getName());
		if (attributes == null) {
			return true;
		}
		ClusterRole[] wanted = (ClusterRole[]) attributes.get("value");
		return List.of(wanted).contains(ClusterRole.of(context.getEnvironment()));
	}

}
