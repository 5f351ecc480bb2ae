package io.github.bootcluster.message;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Makes a method of a bean hear the messages of a name. Its first parameter, if it has
 * one, gets the payload, read from JSON as the parameter's type; a last one of type
 * {@link ClusterMessage} gets what there is to know of the message. What the method
 * returns is the reply to a request; it may be a {@code CompletionStage} or, where
 * Reactor is there, a {@code Mono}.
 * <p>
 * Beans of the workers hear what is sent to workers, those of the master, which carry
 * {@link io.github.bootcluster.ConditionalOnClusterRole ConditionalOnClusterRole}, what
 * is sent to the master. Methods run on threads for messages and may block; messages of
 * one sender are handled one after another, in their order.
 */
@Target(ElementType.METHOD)
@Retention(RetentionPolicy.RUNTIME)
@Documented
public @interface ClusterMessageListener {

	/**
	 * Name of the messages.
	 * @return the name
	 */
	String value();

}
