package io.github.bootcluster;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Makes something run in one worker only.
 * <ul>
 * <li>A {@code @Scheduled} method, or all of those of a class, runs in the worker that
 * {@linkplain ClusterLeadership leads}; in the others its time passes without it. When
 * the leader leaves, another worker leads: never before the old one has given the lead up
 * and what runs there has ended, or its process has. A tick that falls between the two is
 * not made up for.</li>
 * <li>An {@code ApplicationRunner} or {@code CommandLineRunner}, as a class or a
 * {@code @Bean} method, runs once in each generation of the application: in the first
 * worker that starts when the cluster does, and in the first of every rolling restart,
 * which may bring new code. If that worker does not become ready it runs again in the
 * next. It does not run again when a worker is replaced, added, or recycled.</li>
 * </ul>
 * Of {@code cluster.groups}, the workers of the default group alone are candidates: all
 * groups run the same application, and what is marked must not run once in each. What
 * belongs to another group does without this, in a group of one worker.
 * <p>
 * In a process that is not clustered, all of it simply runs.
 */
@Target({ ElementType.TYPE, ElementType.METHOD })
@Retention(RetentionPolicy.RUNTIME)
@Documented
public @interface ClusterSingleton {

}
