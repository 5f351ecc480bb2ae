package io.github.bootcluster;

import java.util.Arrays;
import java.util.List;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.autoconfigure.condition.ConditionMessage;
import org.springframework.boot.autoconfigure.condition.ConditionOutcome;
import org.springframework.boot.autoconfigure.condition.SpringBootCondition;
import org.springframework.context.annotation.ConditionContext;
import org.springframework.core.annotation.AnnotatedElementUtils;
import org.springframework.core.type.AnnotatedTypeMetadata;
import org.springframework.core.type.MethodMetadata;
import org.springframework.util.ClassUtils;

/**
 * Condition behind {@link ConditionalOnClusterRole}. It names no phase, as the role is
 * known in each: with one, it would not be asked about either classes or methods.
 */
class OnClusterRoleCondition extends SpringBootCondition {

	private static final Log logger = LogFactory.getLog(OnClusterRoleCondition.class);

	@Override
	public ConditionOutcome getMatchOutcome(ConditionContext context, AnnotatedTypeMetadata metadata) {
		ClusterRole role = ClusterRole.of(context.getEnvironment());
		// A class may have the annotation itself and in a composed one: all must agree
		List<List<ClusterRole>> wanted = metadata.getAnnotations()
			.stream(ConditionalOnClusterRole.class)
			.map((annotation) -> List.of(annotation.getEnumArray("value", ClusterRole.class)))
			.toList();
		ConditionMessage.Builder message = ConditionMessage.forCondition(ConditionalOnClusterRole.class,
				Arrays.toString(wanted.stream().flatMap(List::stream).distinct().toArray()));
		if (wanted.stream().allMatch((roles) -> roles.contains(role))) {
			return ConditionOutcome.match(message.because("the role of this process is " + role));
		}
		if (role == ClusterRole.WORKER && metadata instanceof MethodMetadata method
				&& wanted.stream().allMatch((roles) -> roles.contains(ClusterRole.MASTER))) {
			checkMasterSees(method, context.getClassLoader());
		}
		return ConditionOutcome.noMatch(message.because("the role of this process is " + role));
	}

	private static void checkMasterSees(MethodMetadata method, @Nullable ClassLoader classLoader) {
		Class<?> type = ClassUtils.resolveClassName(method.getDeclaringClassName(), classLoader);
		for (Class<?> current = type; current != null; current = current.getEnclosingClass()) {
			if (AnnotatedElementUtils.hasAnnotation(current, ConditionalOnClusterRole.class)) {
				return;
			}
		}
		logger
			.warn(("Bean method %s.%s is meant for the master, which does not look into its class: annotate the class "
					+ "with @ConditionalOnClusterRole, with all roles that it is for")
				.formatted(type.getName(), method.getMethodName()));
	}

}
