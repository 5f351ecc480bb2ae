package io.github.bootcluster.sample;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import io.github.bootcluster.apps.secured.SecuredApplication;
import io.github.bootcluster.sample.TestApplication.Library;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Runs the README's section on Spring Security: its configuration is that of an
 * application, its commands are run against it.
 */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class SecuredIT {

	private static final String GENERATED = "Using generated security password: ([\\w-]+);";

	private static String section;

	private static ClusterProcess process;

	private static String password;

	@BeforeAll
	static void start() throws Exception {
		String readme = Files.readString(Path.of("..", "README.md"));
		int begin = readme.indexOf("### With Spring Security");
		section = readme.substring(begin, readme.indexOf("\n## ", begin));
		List<String> arguments = new ArrayList<>();
		for (String line : block("properties").split("\n")) {
			arguments.add("--" + line);
		}
		process = ClusterProcess.named("secured")
			.workers(2)
			.target(TestApplication.target(SecuredApplication.class, Library.SECURITY))
			.args(arguments.toArray(String[]::new))
			.startReady();
		password = process.awaitLine(GENERATED).group(1);
	}

	@AfterAll
	static void stop() throws Exception {
		if (process != null) {
			process.close();
		}
	}

	@Test
	@Order(1)
	void configurationOfTheReadmeIsThatOfTheApplication() throws Exception {
		String source = Files
			.readString(Path.of("src", "test", "java", SecuredApplication.class.getName().replace('.', '/') + ".java"));
		assertThat(source).containsIgnoringWhitespaces(block("java"));
	}

	@Test
	@Order(2)
	void generatedPasswordIsThatOfAllWorkersAndLoggedOnce() throws Exception {
		for (int i = 0; i < 4; i++) {
			assertThat(me()).isEqualTo("user");
		}
		assertThat(process.output().linesMatching("Using generated security password")).hasSize(1);
	}

	@Test
	@Order(3)
	void commandsOfTheReadmeDoWhatItSays() throws Exception {
		Set<Long> old = process.workers();
		List<String> commands = block("console").lines()
			.filter((line) -> line.startsWith("$ "))
			.map((line) -> line.substring(2))
			.toList();
		assertThat(commands).hasSize(3);
		assertThat(run(commands.get(0))).isEqualTo("401");
		assertThat(run(commands.get(1))).contains("\"state\":\"RUNNING\"");
		process.awaitLine("Rolling restart \\S+ completed");
		process.awaitReplaced(old);
		assertThat(run(commands.get(2))).contains("\"generation\":2").contains("\"state\":\"COMPLETED\"");
		assertThat(me()).as("with the password of before").isEqualTo("user");
	}

	@Test
	@Order(4)
	void clientThatSpringSecurityAdmitsNeedNotBeLocal() throws Exception {
		assertThat(process.get("/actuator/cluster", authorization(), "X-Forwarded-For: 192.0.2.7").status())
			.isEqualTo(200);
		assertThat(process.get("/actuator/cluster").status()).isEqualTo(401);
	}

	@Test
	@Order(5)
	void sessionsInMemoryAreWarnedAboutOnce() throws Exception {
		String warning = "Sessions live in the memory of the worker that began them";
		process.await("the warning", () -> {
			// The form to log in has a token, which lives in a session
			assertThat(process.get("/login").status()).isEqualTo(200);
			return !process.output().linesMatching(warning).isEmpty();
		});
		assertThat(process.output().linesMatching(warning)).hasSize(1)
			.first()
			.asString()
			.contains("Spring Session", "cluster.distribution=ip-hash", "stateless tokens");
	}

	private static String me() throws ExchangeFailedException {
		return process.get("/me", authorization()).text();
	}

	private static String authorization() {
		return "Authorization: Basic "
				+ Base64.getEncoder().encodeToString(("user:" + password).getBytes(StandardCharsets.UTF_8));
	}

	private static String block(String language) {
		Matcher block = Pattern.compile("(?ms)^```" + language + "\n(.*?)^```$").matcher(section);
		assertThat(block.find()).as("a block of " + language).isTrue();
		return block.group(1);
	}

	private static String run(String command) throws IOException, InterruptedException {
		ProcessBuilder shell = new ProcessBuilder("bash", "-c",
				command.replace("localhost:8080", "localhost:" + process.port()))
			.redirectErrorStream(true);
		shell.environment().put("PASSWORD", password);
		Process running = shell.start();
		String output = new String(running.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
		assertThat(running.waitFor()).as(command + ": " + output).isZero();
		return output.strip();
	}

}
