package io.github.bootcluster.process;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.BiPredicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;

/**
 * Forks real processes. What can be checked is checked before the fork: afterwards a
 * missing JAR would be one line in the output of a JVM that ends with exit code 1.
 */
final class DefaultWorkerLauncher implements WorkerLauncher {

	/**
	 * A stack trace is one line of a structured format.
	 */
	private static final int STRUCTURED_LENGTH = 1024 * 1024;

	private static final File NOTHING = new File("/dev/null");

	/**
	 * How the JDK reports the error number of the fork, or of the exec after it.
	 */
	private static final Pattern ERROR_NUMBER = Pattern.compile("error[=:] ?(\\d+)");

	private final LaunchSettings settings;

	private final FolderLock lock;

	private final PrivateArguments arguments;

	private final OutOfMemoryKills kills = OutOfMemoryKills.ofThisGroup();

	private final WorkerSession session;

	private final OrphanReaper orphans;

	DefaultWorkerLauncher(LaunchSettings settings, FolderLock lock, PrivateArguments arguments) {
		this.arguments = arguments;
		this.session = WorkerSession.on(System.getenv().getOrDefault("PATH", ""));
		this.orphans = new OrphanReaper(Path.of("/proc"), ProcessHandle.current().pid(), new ForeignWait(),
				settings.problems());
		this.settings = settings;
		this.lock = lock;
	}

	@Override
	public WorkerProcess launch(LaunchRequest request) throws LaunchException {
		check(request);
		long kills = this.kills.count();
		Path file = null;
		try {
			file = this.arguments.write(request);
			Process process = start(request, file);
			this.orphans.started(process);
			Runnable online = deletion(file);
			process.onExit().thenRun(online);
			return new DefaultWorkerProcess(process, output(request.name(), process), this.session, online,
					() -> this.kills.explain(kills),
					Stream.concat(request.command().jvmArguments().stream(), request.command().arguments().stream())
						.toList());
		}
		catch (IOException ex) {
			throw failed(request, file, reason(String.valueOf(ex.getMessage())), ex);
		}
		catch (IllegalArgumentException | UnsupportedOperationException ex) {
			throw failed(request, file,
					"its environment or its command line cannot be passed on: %s".formatted(ex.getMessage()), ex);
		}
	}

	private Runnable deletion(@Nullable Path file) {
		return () -> this.arguments.delete(file);
	}

	private LaunchException failed(LaunchRequest request, @Nullable Path file, String reason, Exception cause) {
		this.arguments.delete(file);
		return new LaunchException(request.name(), reason, cause);
	}

	private ProcessOutput output(String name, Process process) throws LaunchException {
		if (this.settings.output() == WorkerOutput.INHERIT) {
			return ProcessOutput.unknown();
		}
		OutputPump pump = pump(name, process.getInputStream());
		try {
			pump.start();
			return pump;
		}
		catch (OutOfMemoryError ex) {
			process.destroyForcibly();
			throw new LaunchException(name, "no thread could be started to read its output", ex);
		}
	}

	private OutputPump pump(String name, InputStream output) {
		return switch (this.settings.output()) {
			case FILE -> new OutputPump(name, output, "",
					new LogFile(this.settings.logs().resolve(name + ".log"), this.settings.problems()));
			case DISCARD -> new OutputPump(name, output, "", LineSink.nowhere());
			case PREFIX, INHERIT -> toConsole(name, output);
		};
	}

	private OutputPump toConsole(String name, InputStream output) {
		LineSink console = LineSink.console(this.settings.console());
		BiPredicate<String, String> plainLines = this.settings.plainLines();
		return (plainLines != null)
				? new OutputPump(name, output, "", STRUCTURED_LENGTH,
						new StructuredLines(console, (line) -> plainLines.test(name, line)))
				: new OutputPump(name, output, name + " | ", console);
	}

	private static void check(LaunchRequest request) throws LaunchException {
		Path java = Path.of(request.command().java());
		if (!Files.isExecutable(java)) {
			throw new LaunchException(request.name(),
					"the Java launcher '" + java + "' " + (Files.exists(java) ? "is not executable" : "does not exist"),
					null);
		}
		Path jar = request.command().jar().orElse(null);
		if (jar != null && !Files.isReadable(jar)) {
			throw new LaunchException(request.name(), "the application's JAR '" + jar + "' "
					+ (Files.exists(jar) ? "is not readable" : "no longer exists"), null);
		}
	}

	private Process start(LaunchRequest request, @Nullable Path file) throws IOException {
		ProcessBuilder builder = new ProcessBuilder();
		builder.redirectInput(Redirect.from(NOTHING));
		if (this.settings.output() == WorkerOutput.INHERIT) {
			builder.redirectOutput(Redirect.INHERIT).redirectError(Redirect.INHERIT);
		}
		else {
			builder.redirectErrorStream(true);
		}
		Map<String, String> environment = builder.environment();
		Path directory = request.directory();
		if (directory != null) {
			builder.directory(directory.toFile());
			environment.computeIfPresent("PWD", (name, value) -> directory.toString());
		}
		JvmEnvironment.clean(environment);
		List<String> command = this.lock.command(command(request, file, environment));
		return builder.command(this.session.command(command)).start();
	}

	private List<String> command(LaunchRequest request, @Nullable Path file, Map<String, String> environment) {
		List<String> command = (file != null) ? request.command().toCommandLine(file)
				: request.command().toCommandLine();
		Map<String, String> variables = JvmEnvironment.readingArgumentFiles(request.environment());
		AccountSwitch account = this.settings.account();
		if (account != null) {
			return account.command(command, variables, environment);
		}
		environment.putAll(variables);
		return command;
	}

	static String reason(String message) {
		Matcher matcher = ERROR_NUMBER.matcher(message);
		return switch (matcher.find() ? matcher.group(1) : "") {
			case "7" -> "its command line and environment are too long";
			case "11" -> "no more processes or threads are allowed (see 'ulimit -u' and the cgroup's pids.max)";
			case "12" -> "there is not enough memory";
			case "23" -> "the host has too many open files (see /proc/sys/fs/file-max)";
			case "24" -> "the master has too many open files (see 'ulimit -n')";
			default -> message;
		};
	}

}
