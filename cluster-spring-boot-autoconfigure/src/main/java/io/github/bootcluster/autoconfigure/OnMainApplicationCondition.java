package io.github.bootcluster.autoconfigure;

import io.github.bootcluster.autoconfigure.role.RoleProperties;

import org.springframework.context.annotation.Condition;
import org.springframework.context.annotation.ConditionContext;
import org.springframework.core.type.AnnotatedTypeMetadata;

/**
 * Matches in the application whose readiness and health are its worker's, and not in
 * further ones that it runs.
 */
class OnMainApplicationCondition implements Condition {

	@Override
	public boolean matches(ConditionContext context, AnnotatedTypeMetadata metadata) {
		return RoleProperties.isMain(context.getEnvironment());
	}

}
