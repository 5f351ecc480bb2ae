package io.github.bootcluster.autoconfigure;

import io.github.bootcluster.actuate.ClusterExposure;

import org.springframework.boot.autoconfigure.condition.ConditionMessage;
import org.springframework.boot.autoconfigure.condition.ConditionOutcome;
import org.springframework.boot.autoconfigure.condition.SpringBootCondition;
import org.springframework.context.annotation.ConditionContext;
import org.springframework.core.type.AnnotatedTypeMetadata;

/**
 * Condition that the application does not configure the access to the cluster's endpoint.
 */
class OnUnconfiguredAccessCondition extends SpringBootCondition {

	@Override
	public ConditionOutcome getMatchOutcome(ConditionContext context, AnnotatedTypeMetadata metadata) {
		ConditionMessage.Builder message = ConditionMessage.forCondition("Unconfigured endpoint access");
		return ClusterExposure.isAccessUnconfigured(context.getEnvironment())
				? ConditionOutcome.match(message.because("no access is configured"))
				: ConditionOutcome.noMatch(message.because("access is configured"));
	}

}
