package io.github.bootcluster.autoconfigure;

import java.lang.reflect.Modifier;

import io.github.bootcluster.ClusterSingleton;
import io.github.bootcluster.worker.StartClaim;
import org.aopalliance.intercept.MethodInterceptor;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

import org.springframework.aop.framework.ProxyFactory;
import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.boot.ApplicationRunner;
import org.springframework.boot.CommandLineRunner;

/**
 * Lets start-up runners that are marked with {@link ClusterSingleton} run in one worker
 * of a generation only.
 */
class SingletonRunnerProcessor implements BeanPostProcessor {

	private static final Log logger = LogFactory.getLog(SingletonRunnerProcessor.class);

	private final ListableBeanFactory beans;

	private final ObjectProvider<StartClaim> claim;

	SingletonRunnerProcessor(ListableBeanFactory beans, ObjectProvider<StartClaim> claim) {
		this.beans = beans;
		this.claim = claim;
	}

	@Override
	public Object postProcessAfterInitialization(Object bean, String name) {
		boolean runner = bean instanceof ApplicationRunner || bean instanceof CommandLineRunner;
		return (runner && this.beans.containsBean(name)
				&& this.beans.findAnnotationOnBean(name, ClusterSingleton.class) != null) ? guarded(bean, name) : bean;
	}

	private Object guarded(Object bean, String name) {
		ProxyFactory proxy = new ProxyFactory(bean);
		proxy.setProxyTargetClass(!Modifier.isFinal(bean.getClass().getModifiers()));
		proxy.addAdvice((MethodInterceptor) (invocation) -> {
			if (!invocation.getMethod().getName().equals("run") || this.claim.getObject().isGranted()) {
				return invocation.proceed();
			}
			logger.info("Runner '%s' is left to the first worker of this generation".formatted(name));
			return null;
		});
		return proxy.getProxy(bean.getClass().getClassLoader());
	}

}
