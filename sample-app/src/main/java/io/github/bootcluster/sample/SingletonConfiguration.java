package io.github.bootcluster.sample;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.TimeUnit;

import io.github.bootcluster.ClusterSingleton;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.ApplicationRunner;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.scheduling.annotation.EnableScheduling;
import org.springframework.scheduling.annotation.Scheduled;

/**
 * Work that only one worker does. It exists where {@code sample.tick-file} names a file
 * that shows whether that is so: the worker that works holds a lock on it.
 */
@Configuration(proxyBeanMethods = false)
@EnableScheduling
@ConditionalOnProperty("sample.tick-file")
class SingletonConfiguration {

	private static final Log logger = LogFactory.getLog(SingletonConfiguration.class);

	private final ProcessIdentity identity;

	private final Path file;

	SingletonConfiguration(ProcessIdentity identity, @Value("${sample.tick-file}") Path file) {
		this.identity = identity;
		this.file = file;
	}

	@Bean
	@ClusterSingleton
	ApplicationRunner startUpWork() {
		return (arguments) -> logger.info("Start-up work of generation " + this.identity.generation());
	}

	@ClusterSingleton
	@Scheduled(fixedDelay = 100)
	private void tick() throws IOException, InterruptedException {
		try (FileChannel channel = FileChannel.open(this.file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
				FileLock lock = channel.tryLock()) {
			if (lock == null) {
				logger.error("Two workers tick at once, one of them is " + this.identity);
				return;
			}
			TimeUnit.MILLISECONDS.sleep(50);
			logger
				.info("Tick of worker %s, generation %s".formatted(this.identity.worker(), this.identity.generation()));
		}
	}

}
