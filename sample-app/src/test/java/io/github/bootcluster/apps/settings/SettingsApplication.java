package io.github.bootcluster.apps.settings;

import java.time.Duration;
import java.util.Map;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.beans.factory.DisposableBean;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.core.env.Environment;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/**
 * Application that shows its settings, and writes what it holds to somewhere slow when it
 * stops.
 */
@SpringBootApplication(proxyBeanMethods = false)
@RestController
public class SettingsApplication implements DisposableBean {

	private static final Logger logger = LoggerFactory.getLogger(SettingsApplication.class);

	private final Environment environment;

	private final Duration stopping;

	SettingsApplication(Environment environment, @Value("${settings.stopping:0s}") Duration stopping) {
		this.environment = environment;
		this.stopping = stopping;
	}

	public static void main(String[] args) {
		SpringApplication.run(SettingsApplication.class, args);
	}

	@GetMapping("/")
	Map<String, Long> pid() {
		return Map.of("pid", ProcessHandle.current().pid());
	}

	@GetMapping("/setting")
	String setting(@RequestParam String name) {
		return this.environment.getProperty(name, "none");
	}

	@Override
	public void destroy() throws InterruptedException {
		Thread.sleep(this.stopping.toMillis());
		logger.info("All that was held is written");
	}

}
