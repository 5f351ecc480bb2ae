package io.github.bootcluster.autoconfigure;

import java.lang.reflect.Method;

import io.github.bootcluster.ClusterLeadership;
import io.github.bootcluster.ClusterSingleton;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

import org.springframework.aop.support.AopUtils;
import org.springframework.beans.factory.BeanFactory;
import org.springframework.core.KotlinDetector;
import org.springframework.core.ReactiveAdapterRegistry;
import org.springframework.core.annotation.AnnotatedElementUtils;
import org.springframework.scheduling.SchedulingAwareRunnable;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.scheduling.annotation.ScheduledAnnotationBeanPostProcessor;
import org.springframework.util.Assert;

/**
 * Spring's own processor of {@link Scheduled}, which lets what is marked with
 * {@link ClusterSingleton} run in the leader only. As nothing is proxied, a method may be
 * whatever Spring allows, private ones included.
 */
class SingletonSchedulingProcessor extends ScheduledAnnotationBeanPostProcessor {

	private static final Log logger = LogFactory.getLog(SingletonSchedulingProcessor.class);

	private @Nullable BeanFactory beans;

	@Override
	public void setBeanFactory(BeanFactory beanFactory) {
		super.setBeanFactory(beanFactory);
		this.beans = beanFactory;
	}

	@Override
	protected void processScheduled(Scheduled scheduled, Method method, Object bean) {
		Assert.state(!isSingleton(bean, method) || !isReactive(method),
				() -> ("The method %s is @Scheduled, marked with @ClusterSingleton and reactive: let it return "
						+ "nothing, and wait for its end")
					.formatted(method.toGenericString()));
		super.processScheduled(scheduled, method, bean);
	}

	private static boolean isReactive(Method method) {
		return KotlinDetector.isSuspendingFunction(method)
				|| ReactiveAdapterRegistry.getSharedInstance().getAdapter(method.getReturnType()) != null;
	}

	@Override
	protected Runnable createRunnable(Object target, Method method, @Nullable String qualifier) {
		Runnable task = super.createRunnable(target, method, qualifier);
		return (isSingleton(target, method) && this.beans != null)
				? new LeaderTask(task, qualifier, this.beans.getBean(ClusterLeadership.class)) : task;
	}

	private static boolean isSingleton(Object bean, Method method) {
		return AnnotatedElementUtils.hasAnnotation(method, ClusterSingleton.class)
				|| AnnotatedElementUtils.hasAnnotation(AopUtils.getTargetClass(bean), ClusterSingleton.class);
	}

	/**
	 * Runs a task if this process leads.
	 *
	 * @param qualifier which scheduler runs it, or {@code null}
	 */
	private record LeaderTask(Runnable task, @Nullable String qualifier,
			ClusterLeadership leadership) implements SchedulingAwareRunnable {

		@Override
		public void run() {
			if (!this.leadership.runIfLeader(this.task)) {
				logger.debug("Left %s to the worker that leads".formatted(this.task));
			}
		}

		@Override
		public @Nullable String getQualifier() {
			return this.qualifier;
		}

		@Override
		public String toString() {
			return this.task.toString();
		}

	}

}
