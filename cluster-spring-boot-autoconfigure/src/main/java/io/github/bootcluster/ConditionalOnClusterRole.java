package io.github.bootcluster;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

import org.springframework.context.annotation.Conditional;

/**
 * Makes a bean or a configuration class exist in processes of the given roles alone.
 * <p>
 * It may stand on a component, a configuration class, imported or not, a {@code @Bean}
 * method, or another annotation.
 * <p>
 * The master runs no bean of the application without this annotation. There, classes that
 * carry both it and a stereotype such as {@code @Component} or {@code @Configuration} are
 * scanned for, below the packages of the application's main classes. A {@code @Bean}
 * method is seen by the master only if its class is: one that is for both carries
 * {@code ({MASTER, WORKER})}, and its methods the narrower roles.
 */
@Target({ ElementType.TYPE, ElementType.METHOD })
@Retention(RetentionPolicy.RUNTIME)
@Documented
@Conditional(OnClusterRoleCondition.class)
public @interface ConditionalOnClusterRole {

	/**
	 * Roles in which the bean exists.
	 * @return the roles, at least one
	 */
	ClusterRole[] value();

}
