package io.github.bootcluster.autoconfigure;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import io.github.bootcluster.message.ClusterMessage;
import io.github.bootcluster.message.ClusterMessageHandler;
import io.github.bootcluster.message.ClusterMessageListener;
import io.github.bootcluster.message.ClusterMessages;
import io.github.bootcluster.message.support.DefaultClusterMessages;
import org.jspecify.annotations.Nullable;

import org.springframework.aop.framework.autoproxy.AutoProxyUtils;
import org.springframework.aop.scope.ScopedProxyUtils;
import org.springframework.aop.support.AopUtils;
import org.springframework.beans.factory.BeanInitializationException;
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.core.MethodIntrospector;
import org.springframework.core.annotation.AnnotatedElementUtils;
import org.springframework.core.annotation.AnnotationUtils;
import org.springframework.util.ReflectionUtils;

/**
 * Registers the methods that carry {@link ClusterMessageListener}, once all beans are
 * there. Wrong ones end the start in whatever role.
 */
class ClusterMessageListenerProcessor implements SmartInitializingSingleton {

	/**
	 * Most beans of an application are, and have no listeners.
	 */
	private static final String SPRINGS_OWN = "org.springframework.";

	private final ConfigurableListableBeanFactory beans;

	ClusterMessageListenerProcessor(ConfigurableListableBeanFactory beans) {
		this.beans = beans;
	}

	@Override
	public void afterSingletonsInstantiated() {
		for (String name : this.beans.getBeanNamesForType(Object.class, true, false)) {
			if (!ScopedProxyUtils.isScopedTarget(name)) {
				Class<?> type = AutoProxyUtils.determineTargetClass(this.beans, name);
				if (type != null && !type.getName().startsWith(SPRINGS_OWN)
						&& AnnotationUtils.isCandidateClass(type, ClusterMessageListener.class)) {
					register(name, type);
				}
			}
		}
	}

	private void register(String bean, Class<?> type) {
		Map<Method, ClusterMessageListener> methods = MethodIntrospector.selectMethods(type,
				(MethodIntrospector.MetadataLookup<@Nullable ClusterMessageListener>) (method) -> AnnotatedElementUtils
					.findMergedAnnotation(method, ClusterMessageListener.class));
		methods.forEach((method, annotation) -> register(bean, method, annotation.value()));
	}

	private void register(String bean, Method declared, String name) {
		Class<?> actual = this.beans.getType(bean);
		Method method = AopUtils.selectInvocableMethod(declared,
				(actual != null) ? actual : declared.getDeclaringClass());
		List<Type> parameters = new ArrayList<>(List.of(method.getGenericParameterTypes()));
		boolean takesMessage = !parameters.isEmpty() && parameters.get(parameters.size() - 1) == ClusterMessage.class;
		if (takesMessage) {
			parameters.remove(parameters.size() - 1);
		}
		if (parameters.size() > 1) {
			throw new BeanInitializationException(("The method %s listens to cluster messages '%s' and has %d "
					+ "parameters, allowed are one for the payload and one of type ClusterMessage behind it")
				.formatted(method.toGenericString(), name, method.getParameterCount()));
		}
		if (name.isBlank() || name.length() > ClusterMessages.MAX_NAME) {
			throw new BeanInitializationException(
					"The method %s listens to cluster messages '%s', allowed is a name of 1 to %d characters"
						.formatted(method.toGenericString(), name, ClusterMessages.MAX_NAME));
		}
		ReflectionUtils.makeAccessible(method);
		// What no parameter takes has to be JSON, of any shape
		Type payloadType = parameters.isEmpty() ? Object.class : parameters.get(0);
		ClusterMessages messages = this.beans.getBean(ClusterMessages.class);
		if (messages instanceof DefaultClusterMessages clustered) {
			clustered.listen(name, payloadType, handler(bean, method, !parameters.isEmpty(), takesMessage));
		}
	}

	private ClusterMessageHandler<Object> handler(String bean, Method method, boolean takesPayload,
			boolean takesMessage) {
		return (payload, message) -> {
			List<@Nullable Object> arguments = new ArrayList<>();
			if (takesPayload) {
				arguments.add(payload);
			}
			if (takesMessage) {
				arguments.add(message);
			}
			return invoke(method, this.beans.getBean(bean), arguments.toArray());
		};
	}

	private static @Nullable Object invoke(Method method, Object target, @Nullable Object[] arguments)
			throws Exception {
		try {
			return method.invoke(target, arguments);
		}
		catch (InvocationTargetException ex) {
			if (ex.getTargetException() instanceof Exception cause) {
				throw cause;
			}
			throw (Error) ex.getTargetException();
		}
	}

}
