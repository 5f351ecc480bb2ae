package io.github.bootcluster.apps.slotfile;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import java.util.Optional;

import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.context.annotation.Bean;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/**
 * Application with a file by slot that one process at a time can open.
 */
@SpringBootApplication(proxyBeanMethods = false)
@RestController
public class SlotFileApplication {

	public static void main(String[] args) {
		SpringApplication.run(SlotFileApplication.class, args);
	}

	@Bean
	FileLock slotFile(@Value("${slot.folder}/data-${cluster.worker.slot}.db") Path file) throws IOException {
		FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
		return Optional.ofNullable(channel.tryLock())
			.orElseThrow(() -> new IllegalStateException("'%s' is in use".formatted(file)));
	}

	@GetMapping("/")
	Map<String, Long> pid() {
		return Map.of("pid", ProcessHandle.current().pid());
	}

}
