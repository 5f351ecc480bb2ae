package io.github.bootcluster.autoconfigure;

import io.github.bootcluster.actuate.ClusterExposure;

import org.springframework.boot.autoconfigure.condition.ConditionMessage;
import org.springframework.boot.autoconfigure.condition.ConditionOutcome;
import org.springframework.boot.autoconfigure.condition.SpringBootCondition;
import org.springframework.context.annotation.ConditionContext;
import org.springframework.core.type.AnnotatedTypeMetadata;

/**
 * Condition that the application configures neither the exposure of endpoints nor the
 * access to them.
 */
class OnUnconfiguredExposureCondition extends SpringBootCondition {

	@Override
	public ConditionOutcome getMatchOutcome(ConditionContext context, AnnotatedTypeMetadata metadata) {
		ConditionMessage.Builder message = ConditionMessage.forCondition("Unconfigured endpoint exposure");
		return ClusterExposure.isUnconfigured(context.getEnvironment())
				? ConditionOutcome.match(message.because("neither exposure nor access is configured"))
				: ConditionOutcome.noMatch(message.because("exposure or access is configured"));
	}

}
