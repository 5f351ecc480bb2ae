package io.github.bootcluster.apps.ledger;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;

import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.availability.AvailabilityChangeEvent;
import org.springframework.boot.availability.LivenessState;
import org.springframework.boot.availability.ReadinessState;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RestController;

/**
 * Application that keeps a file by slot, as embedded databases do, and says how available
 * it is.
 */
@SpringBootApplication(proxyBeanMethods = false)
public class LedgerApplication {

	public static void main(String[] args) {
		SpringApplication.run(LedgerApplication.class, args);
	}

	@Bean(destroyMethod = "close")
	Ledger ledger(@Value("${cluster.worker.slot}") String slot) throws IOException {
		return new Ledger(Path.of("ledger-" + slot));
	}

	/**
	 * File of which there may be one user.
	 */
	static final class Ledger implements AutoCloseable {

		private final FileChannel file;

		Ledger(Path path) throws IOException {
			this.file = FileChannel.open(path, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
			FileLock lock = this.file.tryLock();
			if (lock == null) {
				this.file.close();
				throw new IOException("The ledger " + path + " is in use");
			}
		}

		@Override
		public void close() throws IOException {
			this.file.close();
		}

	}

	@RestController
	static class Controller {

		private final ApplicationContext context;

		Controller(ApplicationContext context) {
			this.context = context;
		}

		@GetMapping("/")
		Map<String, Long> view() {
			return Map.of("pid", ProcessHandle.current().pid());
		}

		@PostMapping("/readiness/{state}")
		Map<String, Long> readiness(@PathVariable ReadinessState state) {
			AvailabilityChangeEvent.publish(this.context, state);
			return view();
		}

		@PostMapping("/liveness/{state}")
		Map<String, Long> liveness(@PathVariable LivenessState state) {
			AvailabilityChangeEvent.publish(this.context, state);
			return view();
		}

	}

}
