package io.github.bootcluster.sample;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import javax.net.ssl.SSLContext;

import org.jspecify.annotations.Nullable;

/**
 * Describes a {@link ClusterProcess}.
 */
final class ClusterProcessBuilder {

	/**
	 * There are hundreds of starts, and each takes a fifth less time without the
	 * verification of bytecode that the unit tests have run already.
	 */
	private static final List<String> FAST_START = List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Xmn64m",
			"-XX:+UnlockDiagnosticVMOptions", "-XX:-BytecodeVerificationRemote");

	private final String name;

	private final List<String> jvmArguments = new ArrayList<>();

	private final List<String> arguments = new ArrayList<>();

	private final Map<String, String> environment = new LinkedHashMap<>();

	private List<String> launcher = List.of();

	private Path java = Path.of(System.getProperty("java.home"), "bin", "java");

	private @Nullable List<String> target;

	private int workers = ClusterProcess.DEFAULT_WORKERS;

	private boolean workersOnCommandLine = true;

	private boolean portOnCommandLine = true;

	private @Nullable Path directory;

	private boolean temporaryFolderOpen;

	private @Nullable SSLContext ssl;

	private boolean leftoversAllowed;

	private String announcement = ClusterProcess.STARTED;

	ClusterProcessBuilder(String name) {
		this.name = name;
	}

	/**
	 * Sets the number of workers.
	 * @param workers the workers; 0 leaves {@code cluster.workers} unset
	 * @return this description
	 */
	ClusterProcessBuilder workers(int workers) {
		this.workers = workers;
		return this;
	}

	/**
	 * Sets the number of workers that the process finds out by something else than its
	 * command line.
	 * @param workers the workers to expect
	 * @return this description
	 */
	ClusterProcessBuilder workersConfiguredElsewhere(int workers) {
		this.workers = workers;
		this.workersOnCommandLine = false;
		return this;
	}

	/**
	 * Leaves the port to something else than the command line.
	 * @return this description
	 */
	ClusterProcessBuilder portConfiguredElsewhere() {
		this.portOnCommandLine = false;
		return this;
	}

	/**
	 * Sets the folder that the process is started in.
	 * @param directory the folder
	 * @return this description
	 */
	ClusterProcessBuilder directory(Path directory) {
		this.directory = directory;
		return this;
	}

	/**
	 * Lets every account use the folder for temporary files, as it may the system's own.
	 * @return this description
	 */
	ClusterProcessBuilder openTemporaryFolder() {
		this.temporaryFolderOpen = true;
		return this;
	}

	ClusterProcessBuilder args(String... arguments) {
		this.arguments.addAll(List.of(arguments));
		return this;
	}

	ClusterProcessBuilder jvmArgs(String... arguments) {
		this.jvmArguments.addAll(List.of(arguments));
		return this;
	}

	ClusterProcessBuilder env(String name, String value) {
		this.environment.put(name, value);
		return this;
	}

	/**
	 * Sets a command that replaces itself by the JVM, such as {@code prlimit} or
	 * {@code setpriv} with their options.
	 * @param launcher the command and its arguments
	 * @return this description
	 */
	ClusterProcessBuilder launchedBy(String... launcher) {
		this.launcher = List.of(launcher);
		return this;
	}

	/**
	 * Sets the java binary.
	 * @param java the binary in place of the one that runs the tests
	 * @return this description
	 */
	ClusterProcessBuilder java(Path java) {
		this.java = java;
		return this;
	}

	/**
	 * Sets what the JVM runs in place of the {@linkplain ExtractedSample extracted
	 * sample}.
	 * @param target {@code -jar} and a file, or {@code -cp}, a class path and a class
	 * @return this description
	 */
	ClusterProcessBuilder target(String... target) {
		this.target = List.of(target);
		return this;
	}

	/**
	 * Speaks TLS in the requests of the harness itself.
	 * @param ssl the context that trusts the server
	 * @return this description
	 */
	ClusterProcessBuilder trusting(SSLContext ssl) {
		this.ssl = ssl;
		return this;
	}

	/**
	 * Lets the process leave files in its temporary folder.
	 * @return this description
	 */
	ClusterProcessBuilder allowLeftovers() {
		this.leftoversAllowed = true;
		return this;
	}

	/**
	 * Learns the port from the master, because workers write elsewhere.
	 * @return this description
	 */
	ClusterProcessBuilder workersWriteElsewhere() {
		this.announcement = ClusterProcess.LISTENING;
		return this;
	}

	private List<String> command(Path temporaryFolder) {
		List<String> command = new ArrayList<>(this.launcher);
		command.add(this.java.toString());
		command.addAll(FAST_START);
		command.addAll(List.of("-Xmx128m", "-Djava.io.tmpdir=" + temporaryFolder));
		command.addAll(this.jvmArguments);
		command.addAll((this.target != null) ? this.target : ExtractedSample.target());
		if (this.portOnCommandLine
				&& this.arguments.stream().noneMatch((argument) -> argument.startsWith("--server.port="))) {
			command.add("--server.port=0");
		}
		if (this.workers > 0 && this.workersOnCommandLine) {
			command.add("--cluster.workers=" + this.workers);
		}
		command.addAll(this.arguments);
		return command;
	}

	/**
	 * Starts the process and waits for nothing.
	 * @return the process
	 * @throws IOException if it can't be started
	 */
	ClusterProcess start() throws IOException {
		Path temporaryFolder = Files.createTempDirectory("it-");
		if (this.temporaryFolderOpen) {
			Files.setAttribute(temporaryFolder, "unix:mode", 01777);
		}
		ProcessBuilder process = new ProcessBuilder(command(temporaryFolder));
		if (this.directory != null) {
			process.directory(this.directory.toFile());
		}
		process.environment().remove("CLUSTER_WORKER_ID");
		// Tests follow the events as the sample's listener hears them
		process.environment().put("LOGGING_LEVEL_IO_GITHUB_BOOTCLUSTER_SAMPLE", "debug");
		// Shared by all tests, and nobody else's
		process.environment()
			.put("CLUSTER_ARCHIVE_DIRECTORY", Path.of("target", "it-archives").toAbsolutePath().toString());
		process.environment().putAll(this.environment);
		return new ClusterProcess(this.name, process, temporaryFolder, this.workers, this.ssl, this.leftoversAllowed,
				this.announcement);
	}

	/**
	 * Starts the process and waits until all wanted processes answer.
	 * @return the process
	 * @throws IOException if it can't be started
	 * @throws InterruptedException if the thread is interrupted
	 */
	ClusterProcess startReady() throws IOException, InterruptedException {
		ClusterProcess process = start();
		try {
			process.awaitReady();
			return process;
		}
		catch (Throwable ex) {
			closeAfter(process, ex);
			throw ex;
		}
	}

	private static void closeAfter(ClusterProcess process, Throwable ex) throws InterruptedException {
		try {
			process.close();
		}
		catch (IOException | AssertionError closing) {
			ex.addSuppressed(closing);
		}
	}

}
