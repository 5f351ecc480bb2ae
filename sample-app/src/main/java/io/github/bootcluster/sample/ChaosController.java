package io.github.bootcluster.sample;

import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/**
 * Crashes the process on request. Whoever can reach it can stop the service, so it exists
 * only where {@code sample.chaos} asks for it.
 */
@RestController
@ConditionalOnBooleanProperty("sample.chaos")
class ChaosController {

	@PostMapping("/exit")
	void exit(@RequestParam(defaultValue = "1") int code) {
		Runtime.getRuntime().halt(code);
	}

}
