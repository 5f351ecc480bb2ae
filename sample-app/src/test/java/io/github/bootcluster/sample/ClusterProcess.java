package io.github.bootcluster.sample;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import javax.net.ssl.SSLContext;

import org.awaitility.Awaitility;
import org.awaitility.core.ConditionTimeoutException;
import org.awaitility.core.TerminalFailureException;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The sample's boot JAR as a process of its own: a master with its workers or, without
 * workers, the plain application. Closing it ends everything that ever stemmed from it,
 * and fails if anything was left behind.
 */
final class ClusterProcess implements AutoCloseable {

	/**
	 * Number of workers where a test names none; 0 runs the application unclustered.
	 */
	static final int DEFAULT_WORKERS = Integer.getInteger("it.workers", 0);

	private static final Duration START_LIMIT = Duration.ofSeconds(120);

	private static final Duration STOP_LIMIT = Duration.ofSeconds(45);

	private static final Duration ORPHAN_LIMIT = Duration.ofSeconds(5);

	private static final Duration REQUEST_LIMIT = Duration.ofSeconds(10);

	/**
	 * How a web server announces its port.
	 */
	static final String STARTED = "Netty started on port (\\d+)";

	/**
	 * How a master does so on behalf of workers that write elsewhere.
	 */
	static final String LISTENING = "listens on \\S+ port (\\d+)";

	private final int workers;

	private final @Nullable SSLContext ssl;

	private final Path temporaryFolder;

	private final boolean leftoversAllowed;

	private final String announcement;

	private final MarkedProcesses processes;

	private final Process process;

	private final ProcessOutput output;

	private final Thread shutdownHook;

	private volatile int port;

	private boolean killed;

	private boolean closed;

	ClusterProcess(String name, ProcessBuilder process, Path temporaryFolder, int workers, @Nullable SSLContext ssl,
			boolean leftoversAllowed, String announcement) throws IOException {
		this.workers = workers;
		this.ssl = ssl;
		this.leftoversAllowed = leftoversAllowed;
		this.announcement = announcement;
		this.temporaryFolder = temporaryFolder;
		this.processes = new MarkedProcesses();
		process.environment().put(MarkedProcesses.VARIABLE, this.processes.mark());
		this.process = process.redirectErrorStream(true).start();
		this.shutdownHook = new Thread(this::killAll);
		Runtime.getRuntime().addShutdownHook(this.shutdownHook);
		this.process.getOutputStream().close();
		this.output = new ProcessOutput(this.process.getInputStream(), Path.of("target", "it-logs", name + ".log"));
	}

	/**
	 * Begins the description of a process.
	 * @param name the name of its log below {@code target/it-logs}
	 * @return the description
	 */
	static ClusterProcessBuilder named(String name) {
		return new ClusterProcessBuilder(name);
	}

	/**
	 * Returns the number of workers that the process was started with.
	 * @return the workers, 0 if it is not clustered
	 */
	int wantedWorkers() {
		return this.workers;
	}

	/**
	 * Returns the number of processes that answer requests when all is well.
	 * @return the workers, or 1 if it is not clustered
	 */
	int wantedServers() {
		return Math.max(1, this.workers);
	}

	long pid() {
		return this.process.pid();
	}

	ProcessOutput output() {
		return this.output;
	}

	boolean isAlive() {
		return this.process.isAlive();
	}

	/**
	 * Returns the application's port, once it is known.
	 * @return the port that was announced first
	 * @throws InterruptedException if the thread is interrupted
	 */
	int port() throws InterruptedException {
		if (this.port == 0) {
			// Remembered, as only the last lines of much output are
			this.port = Integer.parseInt(awaitLine(this.announcement).group(1));
		}
		return this.port;
	}

	/**
	 * Returns all ports that the application and its management server announced so far.
	 * @return the ports, in the order of their first announcement
	 */
	Set<Integer> ports() {
		Set<Integer> ports = new LinkedHashSet<>();
		for (String line : this.output.lines()) {
			Matcher matcher = Pattern.compile(this.announcement).matcher(line);
			if (matcher.find()) {
				ports.add(Integer.parseInt(matcher.group(1)));
			}
		}
		return ports;
	}

	/**
	 * Waits for a line of output, which may have been written before.
	 * @param regex what to find in the line, whatever prefix it has
	 * @return the match
	 * @throws InterruptedException if the thread is interrupted
	 */
	Matcher awaitLine(String regex) throws InterruptedException {
		return awaitLine(0, regex);
	}

	/**
	 * Waits for a line of output behind a {@linkplain ProcessOutput#mark() mark}.
	 * @param mark where to start
	 * @param regex what to find in the line, whatever prefix it has
	 * @return the match
	 * @throws InterruptedException if the thread is interrupted
	 */
	Matcher awaitLine(int mark, String regex) throws InterruptedException {
		return this.output.awaitLine(mark, regex, START_LIMIT);
	}

	/**
	 * Waits until the wanted number of processes answer.
	 * @return their process ids
	 * @throws InterruptedException if the thread is interrupted
	 */
	Set<Long> awaitReady() throws InterruptedException {
		return awaitReady(wantedServers());
	}

	/**
	 * Waits until so many processes that still live answer, each on a fresh connection.
	 * @param count the number of processes
	 * @return their process ids
	 * @throws InterruptedException if the thread is interrupted
	 */
	Set<Long> awaitReady(int count) throws InterruptedException {
		return awaitReady(count, Set.of());
	}

	/**
	 * Waits until the wanted number of processes answer, none of which is an old one, and
	 * the old ones have ended.
	 * @param old the process ids of the old ones
	 * @return the process ids of the new ones
	 * @throws InterruptedException if the thread is interrupted
	 */
	Set<Long> awaitReplaced(Collection<Long> old) throws InterruptedException {
		Set<Long> pids = awaitReady(wantedServers(), old);
		await("end of " + old, () -> old.stream().noneMatch(ClusterProcess::isAlive));
		return pids;
	}

	private Set<Long> awaitReady(int count, Collection<Long> old) throws InterruptedException {
		port();
		Set<Long> pids = new TreeSet<>();
		await(count + " processes that answer", () -> {
			for (int i = 0; i < count; i++) {
				askForPid(pids);
			}
			pids.removeAll(old);
			pids.removeIf((pid) -> !isAlive(pid));
			return pids.size() >= count;
		});
		return pids;
	}

	private void askForPid(Set<Long> pids) {
		try {
			get("/").pid().ifPresent(pids::add);
		}
		catch (ExchangeFailedException ex) {
			// not ready: asked again until the limit
		}
	}

	/**
	 * Waits for a condition, and fails at once if the process has ended meanwhile.
	 * @param what the condition in words
	 * @param condition the condition
	 */
	void await(String what, Condition condition) {
		try {
			Awaitility.await(what)
				.atMost(START_LIMIT)
				.pollInterval(Duration.ofMillis(50))
				.failFast("The process has ended", () -> !isAlive())
				.until(condition::holds);
		}
		catch (ConditionTimeoutException | TerminalFailureException ex) {
			throw new AssertionError(ex.getMessage() + ". " + this.output.tail(), ex);
		}
	}

	/**
	 * Returns the workers that live.
	 * @return the process ids of the master's children, but for the one that keeps its
	 * folder locked beside workers of another account
	 */
	Set<Long> workers() {
		return this.process.toHandle()
			.children()
			.filter(ProcessHandle::isAlive)
			.filter((child) -> child.info().command().filter((command) -> command.endsWith("/cat")).isEmpty())
			.map(ProcessHandle::pid)
			.collect(Collectors.toCollection(TreeSet::new));
	}

	/**
	 * Returns all processes that stem from this one and live, with or without a parent.
	 * @return the process ids
	 */
	Set<Long> processes() {
		return this.processes.alive().stream().map(ProcessHandle::pid).collect(Collectors.toCollection(TreeSet::new));
	}

	/**
	 * Sends a request on a fresh connection, once.
	 * @param path the path
	 * @param headers further header lines
	 * @return the answer
	 * @throws ExchangeFailedException if there is none
	 */
	HttpAnswer get(String path, String... headers) throws ExchangeFailedException {
		return exchange("GET", path, headers);
	}

	HttpAnswer post(String path, String... headers) throws ExchangeFailedException {
		return exchange("POST", path, headers);
	}

	private HttpAnswer exchange(String method, String path, String... headers) throws ExchangeFailedException {
		try (HttpConnection connection = connect()) {
			return connection.exchange(method, path, headers);
		}
	}

	/**
	 * Opens a connection to the application's port.
	 * @return the connection, to be closed by the caller
	 * @throws ExchangeFailedException if it can't be opened
	 */
	HttpConnection connect() throws ExchangeFailedException {
		return connect(InetAddress.getLoopbackAddress());
	}

	HttpConnection connect(InetAddress address) throws ExchangeFailedException {
		try {
			return HttpConnection.open(new InetSocketAddress(address, port()), REQUEST_LIMIT, this.ssl);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new IllegalStateException(ex);
		}
	}

	/**
	 * Asks for a rolling restart.
	 * @return the answer, 202 or 409
	 * @throws ExchangeFailedException if there is none
	 */
	HttpAnswer restart() throws ExchangeFailedException {
		return post("/actuator/cluster/restart");
	}

	/**
	 * Asks for a rolling restart and waits for its end.
	 * @return the answer, 200, 409 or 500
	 * @throws ExchangeFailedException if there is none
	 * @throws InterruptedException if the thread is interrupted
	 */
	HttpAnswer restartAndAwait() throws ExchangeFailedException, InterruptedException {
		InetSocketAddress address = new InetSocketAddress(InetAddress.getLoopbackAddress(), port());
		try (HttpConnection connection = HttpConnection.open(address, START_LIMIT, this.ssl)) {
			return connection.exchange("POST", "/actuator/cluster/restart?wait=true");
		}
	}

	/**
	 * Returns what the cluster says of itself.
	 * @return the answer of the {@code cluster} endpoint
	 * @throws ExchangeFailedException if there is none
	 */
	JsonNode status() throws ExchangeFailedException {
		HttpAnswer answer = get("/actuator/cluster");
		if (answer.status() != 200) {
			throw new AssertionError("Status " + answer.status() + ": " + answer.text());
		}
		return JsonMapper.shared().readTree(answer.text());
	}

	/**
	 * Sends a signal to the process that was started.
	 * @param signal the signal's name without SIG
	 */
	void signal(String signal) {
		signal(signal, pid());
	}

	/**
	 * Sends a signal to one of the processes.
	 * @param signal the signal's name without SIG
	 * @param pid the process, or a process group's number below zero
	 */
	void signal(String signal, long pid) {
		this.killed |= signal.equals("KILL") && pid == pid();
		try {
			int code = new ProcessBuilder("kill", "-" + signal, "--", Long.toString(pid)).inheritIO().start().waitFor();
			if (code != 0) {
				throw new IllegalStateException("kill -" + signal + " " + pid + " failed");
			}
		}
		catch (IOException ex) {
			throw new IllegalStateException(ex);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new IllegalStateException(ex);
		}
	}

	/**
	 * Stops one of the processes where it stands, until it gets a CONT.
	 * @param pid the process
	 */
	void freeze(long pid) {
		signal("STOP", pid);
		await("standstill of " + pid, () -> ProcessProbe.isFrozen(pid));
	}

	/**
	 * Kills one of the processes, which can do nothing about it.
	 * @param pid the process
	 */
	void killHard(long pid) {
		this.killed |= pid == pid();
		ProcessHandle.of(pid).ifPresent(ProcessHandle::destroyForcibly);
	}

	/**
	 * Waits for the end of the process that was started.
	 * @return its exit code
	 * @throws InterruptedException if the thread is interrupted
	 */
	int exitCode() throws InterruptedException {
		if (!this.process.waitFor(START_LIMIT.toSeconds(), TimeUnit.SECONDS)) {
			throw new AssertionError("Process " + pid() + " has not ended. " + this.output.tail());
		}
		return this.process.exitValue();
	}

	/**
	 * Waits until nothing lives that stems from the process.
	 * @param limit the longest wait
	 * @return whether it came to that
	 */
	boolean awaitNoProcess(Duration limit) {
		try {
			Awaitility.await().atMost(limit).until(() -> this.processes.alive().isEmpty());
			return true;
		}
		catch (ConditionTimeoutException ex) {
			return false;
		}
	}

	static boolean isAlive(long pid) {
		return ProcessHandle.of(pid).filter(ProcessHandle::isAlive).isPresent();
	}

	@Override
	public void close() throws IOException, InterruptedException {
		if (this.closed) {
			return;
		}
		this.closed = true;
		List<String> faults = new ArrayList<>();
		try {
			stop(faults);
			checkPorts(faults);
			checkTemporaryFolder(faults);
		}
		finally {
			killAll();
			this.output.awaitEnd(ORPHAN_LIMIT);
			Runtime.getRuntime().removeShutdownHook(this.shutdownHook);
			deleteTemporaryFolder();
		}
		if (!faults.isEmpty()) {
			throw new AssertionError(String.join("; ", faults) + ". " + this.output.tail());
		}
	}

	private void stop(List<String> faults) throws InterruptedException {
		this.process.destroy();
		if (!this.process.waitFor(STOP_LIMIT.toSeconds(), TimeUnit.SECONDS)) {
			faults.add("Process " + pid() + " did not end within " + STOP_LIMIT + " of a TERM");
			killHard(pid());
			this.process.waitFor();
		}
		if (!awaitNoProcess(ORPHAN_LIMIT)) {
			faults.add("Processes outlived their master: "
					+ this.processes.alive().stream().map((orphan) -> orphan.pid() + " " + orphan.info()).toList());
		}
		killAll();
	}

	private void checkPorts(List<String> faults) {
		for (int port : ports()) {
			try (HttpConnection connection = HttpConnection.open(port, REQUEST_LIMIT)) {
				if (this.processes.isAlone()) {
					faults.add("Port " + port + " is still open, local port " + connection.localPort());
				}
			}
			catch (ExchangeFailedException ex) {
				if (ex.outcome() != Outcome.CONNECT_REFUSED) {
					faults.add("Port " + port + " is not free: " + ex.getMessage());
				}
			}
		}
	}

	private void checkTemporaryFolder(List<String> faults) throws IOException {
		List<Path> leftovers = leftovers();
		if (!leftovers.isEmpty() && !this.killed && !this.leftoversAllowed) {
			faults.add("Files were left behind: " + leftovers);
		}
	}

	/**
	 * Returns what lies in the folder for temporary files that was given to the process.
	 * @return the files and folders below it
	 * @throws IOException if the folder can't be read
	 */
	List<Path> leftovers() throws IOException {
		try (Stream<Path> paths = Files.walk(this.temporaryFolder)) {
			return paths.filter((path) -> !path.equals(this.temporaryFolder)).sorted().toList();
		}
	}

	/**
	 * Returns the folder for temporary files that was given to the process.
	 * @return the folder
	 */
	Path temporaryFolder() {
		return this.temporaryFolder;
	}

	private void killAll() {
		this.process.destroyForcibly();
		this.processes.alive().forEach(ProcessHandle::destroyForcibly);
	}

	private void deleteTemporaryFolder() throws IOException {
		List<Path> paths = new ArrayList<>(leftovers());
		paths.add(0, this.temporaryFolder);
		for (int i = paths.size() - 1; i >= 0; i--) {
			Files.deleteIfExists(paths.get(i));
		}
	}

	/**
	 * A condition whose check may fail with an exception, which ends the wait.
	 */
	interface Condition {

		boolean holds() throws Exception;

	}

}
