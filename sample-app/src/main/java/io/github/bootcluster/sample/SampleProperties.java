package io.github.bootcluster.sample;

import java.nio.file.Path;
import java.time.Duration;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Settings of the sample that make it misbehave, so that one can watch what the cluster
 * does about it.
 *
 * @param failOnStart whether the application fails to start
 * @param startDelay time by which the start is put off
 * @param chaos whether {@code POST /exit} ends the process
 * @param unhealthy whether the application says of itself that it is down
 * @param failing whether the application answers {@code GET /} with an error
 * @param secondPort port of a further HTTP server, none if not set
 * @param echoPort port of a TCP server that sends back what it gets, none if not set
 * @param messages whether the application talks to other processes of the cluster
 * @param tickFile file that the worker locks which does the work for all, which none does
 * if it is not set
 */
@ConfigurationProperties("sample")
record SampleProperties(@DefaultValue("false") boolean failOnStart, @DefaultValue("0s") Duration startDelay,
		@DefaultValue("false") boolean chaos, @DefaultValue("false") boolean unhealthy,
		@DefaultValue("false") boolean failing, @Nullable Integer secondPort, @Nullable Integer echoPort,
		@DefaultValue("false") boolean messages, @Nullable Path tickFile) {

}
