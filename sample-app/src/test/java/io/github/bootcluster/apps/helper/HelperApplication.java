package io.github.bootcluster.apps.helper;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

import io.github.bootcluster.Cluster;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/**
 * Application that starts itself as a tool, and a program that does not end.
 */
@SpringBootApplication(proxyBeanMethods = false)
@RestController
public class HelperApplication {

	public static void main(String[] args) {
		SpringApplication.run(HelperApplication.class, args);
	}

	@GetMapping("/")
	Map<String, Long> pid() {
		return Map.of("pid", ProcessHandle.current().pid());
	}

	@PostMapping("/tool")
	long tool() throws IOException {
		String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
		return start(java, "-Xmx64m", "-XX:TieredStopAtLevel=1", "-cp", System.getProperty("java.class.path"),
				Tool.class.getName());
	}

	@PostMapping("/sleep")
	long sleep() throws IOException {
		return start("sleep", "600");
	}

	/**
	 * Starts processes that lose their parent and end soon after.
	 * @param count how many
	 * @return their process ids
	 * @throws IOException if they cannot be started
	 */
	@PostMapping("/orphans")
	List<Long> orphans(@RequestParam int count) throws IOException {
		String script = "i=0; while [ $i -lt %d ]; do sleep 1 >&- & echo $!; i=$((i + 1)); done".formatted(count);
		Process shell = new ProcessBuilder("/bin/sh", "-c", script).start();
		try (BufferedReader output = shell.inputReader()) {
			return output.lines().map(Long::valueOf).toList();
		}
	}

	private static long start(String... command) throws IOException {
		return new ProcessBuilder(command).inheritIO().start().pid();
	}

	/**
	 * Tool that has the starter on its path.
	 */
	public static final class Tool {

		private Tool() {
		}

		public static void main(String[] args) {
			try (ConfigurableApplicationContext context = new SpringApplicationBuilder(HelperApplication.class)
				.web(WebApplicationType.NONE)
				.run(args)) {
				System.out.println("Tool is " + context.getBean(Cluster.class).role());
			}
		}

	}

}
