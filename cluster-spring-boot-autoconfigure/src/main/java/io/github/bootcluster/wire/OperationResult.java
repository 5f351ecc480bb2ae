package io.github.bootcluster.wire;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

import com.fasterxml.jackson.annotation.JacksonAnnotationsInside;
import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import io.github.bootcluster.ClusterWorker;
import io.github.bootcluster.DisconnectOutcome;
import io.github.bootcluster.RestartStatus;
import io.github.bootcluster.ScaleOutcome;

/**
 * Marks the result of an operation in a frame, whose types are closed to this list.
 */
@JacksonAnnotationsInside
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
@JsonSubTypes({ @JsonSubTypes.Type(value = RestartStatus.class, name = "restart"),
		@JsonSubTypes.Type(value = ScaleOutcome.class, name = "scale"),
		@JsonSubTypes.Type(value = ClusterWorker.class, name = "worker"),
		@JsonSubTypes.Type(value = DisconnectOutcome.class, name = "disconnect") })
@Target({ ElementType.FIELD, ElementType.METHOD, ElementType.PARAMETER })
@Retention(RetentionPolicy.RUNTIME)
@interface OperationResult {

}
