package io.github.bootcluster.sample;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/**
 * Crashes the process on request, hangs it, or takes its memory. Every client that
 * reaches it can stop the service, so it exists only if {@code sample.chaos} is set.
 */
@RestController
@ConditionalOnBooleanProperty("sample.chaos")
class ChaosController {

	private static final int CHUNK = 1024 * 1024;

	@PostMapping("/exit")
	void exit(@RequestParam(defaultValue = "1") int code) {
		Runtime.getRuntime().halt(code);
	}

	@PostMapping("/exhaust-memory")
	void exhaustMemory() {
		List<byte[]> kept = new ArrayList<>();
		while (true) {
			kept.add(new byte[CHUNK]);
		}
	}

	/**
	 * Blocks the event loop that serves the connection, as code does that waits where it
	 * should not.
	 * @param duration for how long
	 * @throws InterruptedException if the event loop is interrupted
	 */
	@PostMapping("/block")
	void block(@RequestParam Duration duration) throws InterruptedException {
		TimeUnit.NANOSECONDS.sleep(duration.toNanos());
	}

}
