package io.github.bootcluster.guide;

import java.util.concurrent.TimeUnit;

import io.github.bootcluster.ClusterSingleton;

import org.springframework.boot.ApplicationRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.scheduling.annotation.EnableScheduling;
import org.springframework.scheduling.annotation.Scheduled;

/**
 * What must run in one worker only.
 */
@Configuration(proxyBeanMethods = false)
@EnableScheduling
class SingletonSnippets {

	// tag::singleton[]
	@ClusterSingleton
	@Scheduled(fixedRate = 200, timeUnit = TimeUnit.MILLISECONDS)
	void tick() {
		System.out.println("Guide: tick");
	}
	// end::singleton[]

	// tag::runner[]
	@Bean
	@ClusterSingleton
	ApplicationRunner migration() {
		return (arguments) -> System.out.println("Guide: migrated");
	}
	// end::runner[]

}
