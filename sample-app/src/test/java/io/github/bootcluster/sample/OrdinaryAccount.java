package io.github.bootcluster.sample;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

import org.junit.jupiter.api.Assumptions;

/**
 * An account without root's rights to run the sample as.
 */
final class OrdinaryAccount {

	private static final List<String> BECOME = List.of("setpriv", "--reuid=65534", "--regid=65534", "--clear-groups");

	/**
	 * Lets the account write where temporary files are put, then becomes it.
	 */
	private static final String SCRIPT = """
			for argument
			do
			  case $argument in -Djava.io.tmpdir=*) chmod 777 "${argument#*=}" ;; esac
			done
			exec %s "$@"
			""".formatted(String.join(" ", BECOME));

	private OrdinaryAccount() {
	}

	/**
	 * Skips the test if the tests cannot become the account, which root alone can, or if
	 * it may not read the sample.
	 */
	static void assumeAvailable() throws IOException, InterruptedException {
		String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
		String jar = System.getProperty("sample.jar", "target/sample-app.jar");
		List<String> command = new ArrayList<>(BECOME);
		command.addAll(List.of("test", "-x", java, "-a", "-r", jar));
		int code = new ProcessBuilder(command).inheritIO().start().waitFor();
		Assumptions.assumeTrue(code == 0, "The sample cannot be run as another account");
	}

	/**
	 * Returns what runs a command as the account.
	 * @param before a command that runs the command that follows it, or none
	 * @return the launcher
	 */
	static String[] launcher(String... before) {
		List<String> launcher = new ArrayList<>(List.of(before));
		launcher.addAll(List.of("sh", "-c", SCRIPT, "sh"));
		return launcher.toArray(String[]::new);
	}

}
