package io.github.bootcluster.process;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Starts commands as another account. A JVM cannot change its account, and so
 * {@code setpriv} of util-linux does it, which then becomes the command: the process, its
 * signals and its exit code are the command's own.
 */
public final class AccountSwitch {

	private static final String TOOL = "setpriv";

	private static final String TEMPORARY_FOLDER = "java.io.tmpdir";

	private final WorkerAccount account;

	private final List<String> prefix;

	private final VariableCarrier carrier;

	AccountSwitch(WorkerAccount account, Path tool, Path env) {
		this.account = account;
		this.carrier = new VariableCarrier(env.toString());
		// Only of a user that it knows does the system know further groups
		this.prefix = List.of(tool.toString(), "--reuid=" + Integer.toUnsignedString(account.uid()),
				"--regid=" + Integer.toUnsignedString(account.gid()),
				account.known() ? "--init-groups" : "--clear-groups");
	}

	/**
	 * Creates a switch, and tries it.
	 * @throws WorkerAccountException if this process cannot become the account
	 */
	public static AccountSwitch to(WorkerAccount account) {
		return to(account, System.getenv().getOrDefault("PATH", ""));
	}

	static AccountSwitch to(WorkerAccount account, String path) {
		AccountSwitch created = new AccountSwitch(account, find(TOOL, "util-linux", account, path),
				find("env", "coreutils", account, path + ":/usr/bin:/bin"));
		created.tryOut();
		return created;
	}

	/**
	 * Asks a question that has one answer. A tool of the same name that does not know the
	 * options, as that of BusyBox, fails as {@code test} does when it says no.
	 */
	private void tryOut() {
		Answer answer = ask("-d", Path.of("/"));
		if (!answer.yes()) {
			throw new WorkerAccountException(this.account,
					"'%s' does not do it%s: install the one of util-linux, of which BusyBox has only a part"
						.formatted(this.prefix.get(0), answer.text().isEmpty() ? ""
								: " ('%s')".formatted(answer.text().lines().findFirst().orElse(""))));
		}
	}

	private static Path find(String command, String origin, WorkerAccount account, String path) {
		return SearchPath.find(command, path)
			.orElseThrow(() -> new WorkerAccountException(account,
					"the command '%s' (of %s) that is needed for it is not on the PATH".formatted(command, origin)));
	}

	/**
	 * Returns the account.
	 */
	public WorkerAccount account() {
		return this.account;
	}

	/**
	 * Returns a command that runs another one as the account.
	 */
	List<String> command(List<String> command) {
		List<String> whole = new ArrayList<>(this.prefix);
		whole.addAll(command);
		return whole;
	}

	/**
	 * Returns a command that runs another one as the account, with variables that nothing
	 * which runs before it as the account of this process gets to see: a worker may have
	 * chosen them.
	 */
	List<String> command(List<String> command, Map<String, String> variables, Map<String, String> environment) {
		environment.putAll(this.account.environment());
		return command(this.carrier.load(command, variables, environment));
	}

	/**
	 * Sees to it that the account has what a JVM needs.
	 * @throws WorkerAccountException if it has not
	 */
	public void require(JvmCommand command) {
		Path java = Path.of(command.java());
		require("-x", java, "it may not execute the Java launcher '%s'".formatted(java));
		String option = "-D" + TEMPORARY_FOLDER + "=";
		Path temporary = Path.of(command.jvmArguments()
			.stream()
			.filter((argument) -> argument.startsWith(option))
			.reduce((first, last) -> last)
			.map((argument) -> argument.substring(option.length()))
			.orElse(System.getProperty(TEMPORARY_FOLDER)));
		require("-w", temporary,
				"it may not write to '%s', the folder for temporary files (%s)".formatted(temporary, TEMPORARY_FOLDER));
	}

	/**
	 * Sees to it that the account may connect to a socket.
	 * @throws WorkerAccountException if it may not
	 */
	public void requireReachable(Path socket) {
		require("-w", socket, "it cannot reach the sockets of the cluster in '%s' (cluster.work-directory)"
			.formatted(Optional.ofNullable(socket.getParent()).map(Path::getParent).orElse(socket)));
	}

	private void require(String question, Path file, String problem) {
		if (!ask(question, file).yes()) {
			throw new WorkerAccountException(this.account, problem);
		}
	}

	/**
	 * Asks the command {@code test} as the account: what it may do depends on its further
	 * groups and on access control lists, too.
	 */
	private Answer ask(String question, Path file) {
		try {
			Process process = new ProcessBuilder(command(List.of("test", question, file.toString())))
				.redirectErrorStream(true)
				.start();
			process.getOutputStream().close();
			String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).trim();
			int code = process.waitFor();
			if (code > 1) {
				throw new WorkerAccountException(this.account, said.isEmpty() ? TOOL + " has failed" : said);
			}
			return new Answer(code == 0, said);
		}
		catch (IOException ex) {
			throw new WorkerAccountException(this.account, TOOL + " cannot be started: " + ex.getMessage());
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new WorkerAccountException(this.account, "the attempt was interrupted");
		}
	}

	/**
	 * What the command {@code test} has answered.
	 */
	private record Answer(boolean yes, String text) {

	}

}
