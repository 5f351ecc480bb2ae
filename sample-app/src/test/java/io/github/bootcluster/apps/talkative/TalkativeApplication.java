package io.github.bootcluster.apps.talkative;

import java.util.Map;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/**
 * Application that logs as much as it is asked to.
 */
@SpringBootApplication(proxyBeanMethods = false)
@RestController
public class TalkativeApplication {

	private static final Logger logger = LoggerFactory.getLogger(TalkativeApplication.class);

	private static final String TEXT = "All work and no play makes the worker a dull process. ".repeat(20);

	public static void main(String[] args) {
		SpringApplication.run(TalkativeApplication.class, args);
	}

	@GetMapping("/")
	Map<String, Long> pid() {
		return Map.of("pid", ProcessHandle.current().pid());
	}

	@PostMapping("/talk")
	String talk(@RequestParam int lines) {
		for (int i = 0; i < lines; i++) {
			logger.info("{} {}", i, TEXT);
		}
		return "done";
	}

}
