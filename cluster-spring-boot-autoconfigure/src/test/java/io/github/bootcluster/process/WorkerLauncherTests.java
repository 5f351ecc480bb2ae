package io.github.bootcluster.process;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledForJreRange;
import org.junit.jupiter.api.condition.JRE;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import org.springframework.util.FileSystemUtils;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

/**
 * Tests with real processes.
 */
@Timeout(60)
class WorkerLauncherTests {

	private static final String JAVA = Path.of(System.getProperty("java.home"), "bin", "java").toString();

	private static final List<String> SMALL = List.of("-Xmx32m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1");

	@TempDir
	Path directory;

	private final Console console = new Console();

	private final List<String> problems = new CopyOnWriteArrayList<>();

	private final List<WorkerProcess> processes = new ArrayList<>();

	private final List<ProcessHandle> grandchildren = new ArrayList<>();

	@AfterEach
	void leaveNoProcessBehind() throws Exception {
		this.grandchildren.forEach(ProcessHandle::destroyForcibly);
		for (WorkerProcess process : this.processes) {
			ProcessHandle.of(process.pid())
				.stream()
				.flatMap(ProcessHandle::descendants)
				.forEach(ProcessHandle::destroyForcibly);
			process.kill();
			exitCode(process);
		}
	}

	@Test
	void linesOfTwoWorkersComeWholeAndWithTheirNames() throws Exception {
		String text = "x".repeat(200);
		WorkerProcess one = launch("worker-1", "print", "2000", text);
		WorkerProcess two = launch("worker-2", "print", "2000", text);
		assertThat(exitCode(one)).isZero();
		assertThat(exitCode(two)).isZero();
		List<String> lines = this.console.toString().lines().toList();
		assertThat(lines).hasSize(4000);
		for (String name : List.of("worker-1", "worker-2")) {
			assertThat(lines.stream().filter((line) -> line.startsWith(name))).containsExactlyElementsOf(
					Stream.iterate(0, (i) -> i + 1).limit(2000).map((i) -> name + " | " + i + " " + text).toList());
		}
	}

	@Test
	void lastLinesAreThereOnceTheProcessHasEnded() throws Exception {
		WorkerProcess process = launch("worker-1", "print", "80", "x");
		exitCode(process);
		assertThat(process.lastLines()).hasSize(50).startsWith("30 x").endsWith("79 x");
	}

	@Test
	void standardErrorKeepsItsPlaceInTheOutput() throws Exception {
		WorkerProcess process = launch("worker-1", "both");
		exitCode(process);
		assertThat(process.lastLines()).containsExactly("out 1", "err 2", "out 3");
	}

	@Test
	void signalsOfAllKindsReachTheProcess() throws Exception {
		WorkerProcess process = launch("worker-1", "hang");
		this.console.await("worker-1 | ready");
		process.signal(WorkerSignal.QUIT).toCompletableFuture().get(20, TimeUnit.SECONDS);
		this.console.await("worker-1 | Full thread dump");
		process.signal(WorkerSignal.STOP).toCompletableFuture().get(20, TimeUnit.SECONDS);
		while (!Files.readString(Path.of("/proc/" + process.pid() + "/stat")).contains(") T ")) {
			Thread.onSpinWait();
		}
		process.signal(WorkerSignal.CONT).toCompletableFuture().get(20, TimeUnit.SECONDS);
		process.signal(WorkerSignal.USR1).toCompletableFuture().get(20, TimeUnit.SECONDS);
		assertThat(exitCode(process)).isEqualTo(128 + 10);
		assertThat(process.signal(WorkerSignal.HUP)).failsWithin(20, TimeUnit.SECONDS)
			.withThrowableThat()
			.withMessageContaining("the process has ended");
		assertThat(SignalSender.send(process.pid(), WorkerSignal.HUP)).failsWithin(20, TimeUnit.SECONDS)
			.withThrowableThat()
			.withMessageContaining("process %d does not take it".formatted(process.pid()));
	}

	@Test
	void terminationAndKillNeedNoShell() throws Exception {
		WorkerProcess one = launch("worker-1", "hang");
		WorkerProcess two = launch("worker-2", "hang");
		one.signal(WorkerSignal.TERM).toCompletableFuture().join();
		two.signal(WorkerSignal.KILL).toCompletableFuture().join();
		assertThat(exitCode(one)).isEqualTo(128 + 15);
		assertThat(exitCode(two)).isEqualTo(128 + 9);
	}

	@Test
	void workerReadsNothing() throws Exception {
		WorkerProcess process = launch("worker-1", "stdin");
		exitCode(process);
		assertThat(process.lastLines()).containsExactly("-1");
	}

	@Test
	void environmentIsAdded() throws Exception {
		WorkerProcess process = launch(new LaunchRequest("worker-1",
				command("environment", "PATH", "CLUSTER_WORKER_ID"), Map.of("CLUSTER_WORKER_ID", "7")));
		exitCode(process);
		assertThat(process.lastLines()).containsExactly(System.getenv("PATH") + " 7");
	}

	@Test
	void processDoesNotTakeItsEnvironmentForItsCommandLine() throws Exception {
		Path file = Files.writeString(this.directory.resolve("arguments"), "-Da=\"b c\"\n-cp " + classPath() + "\n");
		WorkerProcess process = launch(new LaunchRequest("worker-1", new JvmCommand(JAVA, List.of("-Xmx32m"),
				List.of(ChildMain.class.getName()), List.of("command", "", "x y")),
				Map.of("JDK_JAVA_OPTIONS", "@" + file)));
		exitCode(process);
		assertThat(process.lastLines()).last()
			.isEqualTo(new JvmCommand(JAVA, List.of("-Xmx32m"), List.of(ChildMain.class.getName()),
					List.of("command", "", "x y"))
				.toString());
	}

	@Test
	void processKnowsWhatWasInItsArgumentFile() throws Exception {
		Path file = Files.writeString(this.directory.resolve("arguments"), "-Da=\"b c\"\n-cp " + classPath() + "\n");
		Process process = new ProcessBuilder(JAVA, "-Xmx32m", "@" + file, ChildMain.class.getName(), "command", "x y")
			.redirectErrorStream(true)
			.start();
		try {
			assertThat(new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).trim())
				.isEqualTo(new JvmCommand(JAVA, List.of("-Xmx32m", "-Da=b c", "-cp", classPath()),
						List.of(ChildMain.class.getName()), List.of("command", "x y"))
					.toString());
		}
		finally {
			process.destroyForcibly().waitFor();
		}
	}

	@Test
	void argumentsAndPropertiesOfAWorkerAreForItsEyesOnly() throws Exception {
		WorkerLauncher launcher = WorkerLauncher.create(
				new LaunchSettings(WorkerOutput.PREFIX, this.directory, this.console.stream, this.problems::add, null),
				this.directory);
		List<String> arguments = List.of("arguments", "", "@file", "two  words", "\"quoted\" \\ 'single'",
				"#no comment", "tab\tnew\nline", "--password=secret");
		JvmCommand command = command(arguments.toArray(String[]::new)).ledBy("-Dpassword=s3cret \"x\" ")
			.ledBy("-Dcluster.worker.slot=1");
		WorkerProcess process = launch(launcher, new LaunchRequest("worker-1", command, Map.of()));
		this.console.await("worker-1 | -Dpassword=s3cret \"x\" ");
		this.console.await("worker-1 | end");
		List<String> commandLine = List
			.of(Files.readString(Path.of("/proc/" + process.pid() + "/cmdline")).split("\0"));
		assertThat(commandLine).startsWith(JAVA, "-Dcluster.worker.slot=1", "-Xmx32m")
			.noneMatch((argument) -> argument.contains("s3cret") || argument.contains("secret"));
		Path file = Path.of(commandLine.get(commandLine.size() - 1).substring(1));
		assertThat(file).hasParent(this.directory).hasFileName("worker-1.1." + ChildMain.class.getName());
		assertThat(Files.getPosixFilePermissions(file)).isEqualTo(PosixFilePermissions.fromString("r--------"));
		process.online();
		assertThat(file).doesNotExist();
		process.kill();
		exitCode(process);
		List<String> expected = new ArrayList<>(
				arguments.stream().skip(1).flatMap((argument) -> ("[" + argument + "]").lines()).toList());
		expected.add("end");
		assertThat(process.lastLines()).containsSubsequence(expected);
	}

	@Test
	void argumentsOfAWorkerThatNeverRanDoNotStayBehind() throws Exception {
		AccountSwitch account = TestAccounts.assumeNobody();
		Files.setPosixFilePermissions(this.directory, PosixFilePermissions.fromString("rwx--x--x"));
		WorkerLauncher launcher = WorkerLauncher.create(new LaunchSettings(WorkerOutput.PREFIX, this.directory,
				this.console.stream, this.problems::add, account), this.directory);
		WorkerProcess process = launch(launcher, new LaunchRequest("worker-1", command("exit", "3"), Map.of()));
		exitCode(process);
		while (!isEmpty(this.directory)) {
			Thread.onSpinWait();
		}
	}

	/**
	 * A limit on the size of files stands for a disk that fills up half-way.
	 * @throws Exception if something fails
	 */
	@Test
	void argumentsThatCannotBeWrittenWholeDoNotStayBehind() throws Exception {
		Path folder = Files.createDirectory(this.directory.resolve("arguments"));
		String limited = "ulimit -f 16 && exec \"$0\" \"$@\"";
		List<String> command = new ArrayList<>(List.of("/bin/sh", "-c", limited));
		command.addAll(
				command("launch", folder.toString(), "print", "1", "secret".repeat(10_000)).ledBy("-XX:-UsePerfData")
					.toCommandLine());
		assertThat(outputOf(new ProcessBuilder(command)))
			.startsWith("Cannot fork worker-1: its arguments cannot be written to '%s': ".formatted(folder));
		assertThat(folder).isEmptyDirectory();
	}

	@Test
	void diskThatIsTooFullForTheArgumentsIsSaidToBeFull() throws Exception {
		Path folder = Files.createDirectory(this.directory.resolve("full"));
		assumeTrue(run("mount", "-t", "tmpfs", "-o", "size=64k", "none", folder.toString()), "only root may mount");
		try {
			WorkerLauncher launcher = WorkerLauncher.create(new LaunchSettings(WorkerOutput.PREFIX, this.directory,
					this.console.stream, this.problems::add, null), folder);
			LaunchRequest request = new LaunchRequest("worker-1", command("print", "1", "secret".repeat(20_000)),
					Map.of());
			assertThatExceptionOfType(LaunchException.class).isThrownBy(() -> launch(launcher, request))
				.withMessage("Cannot fork worker-1: its arguments cannot be written to '%s', which has no space left",
						folder);
			assertThat(folder).isEmptyDirectory();
			WorkerProcess process = launch(launcher,
					new LaunchRequest("worker-1", command("print", "1", "short"), Map.of()));
			assertThat(exitCode(process)).isZero();
		}
		finally {
			run("umount", folder.toString());
		}
	}

	/**
	 * Releases before 22 end at once with the option, wherever it stands.
	 * @throws Exception if something fails
	 */
	@Test
	@EnabledForJreRange(min = JRE.JAVA_22)
	void workersReadTheirArgumentsWhereTheLauncherIsToldToReadNoArgumentFiles() throws Exception {
		JvmCommand command = command("launch", Files.createDirectory(this.directory.resolve("arguments")).toString(),
				"environment", "JDK_JAVA_OPTIONS", "HOME");
		ProcessBuilder master = new ProcessBuilder(command.toCommandLine());
		master.environment().put("JDK_JAVA_OPTIONS", "-Da='b  c' --disable-@files -Xshare:auto");
		master.environment().put("HOME", "/home");
		assertThat(outputOf(master).lines().toList()).endsWith("-Da='b  c' -Xshare:auto /home");
	}

	@Test
	void optionsOfAWorkerDoNotKeepItFromReadingItsArguments() throws Exception {
		JvmCommand command = command("environment", "JDK_JAVA_OPTIONS", "HOME");
		List<String> jvmArguments = new ArrayList<>(command.jvmArguments());
		jvmArguments.add("--disable-@files");
		WorkerLauncher launcher = WorkerLauncher.create(
				new LaunchSettings(WorkerOutput.PREFIX, this.directory, this.console.stream, this.problems::add, null),
				this.directory);
		WorkerProcess process = launch(launcher,
				new LaunchRequest("worker-1", new JvmCommand(JAVA, jvmArguments, command.main(), command.arguments()),
						Map.of("JDK_JAVA_OPTIONS", "\"--disable-@files\" -Xshare:auto", "HOME", "/home")));
		assertThat(exitCode(process)).isZero();
		assertThat(process.lastLines()).endsWith("-Xshare:auto /home");
	}

	private static String outputOf(ProcessBuilder builder) throws Exception {
		Process process = builder.redirectErrorStream(true).start();
		try {
			return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
		}
		finally {
			process.destroyForcibly().waitFor();
		}
	}

	private static boolean run(String... command) throws Exception {
		try {
			return new ProcessBuilder(command).redirectErrorStream(true)
				.redirectOutput(ProcessBuilder.Redirect.DISCARD)
				.start()
				.waitFor() == 0;
		}
		catch (IOException ex) {
			return false;
		}
	}

	private static boolean isEmpty(Path directory) throws IOException {
		try (Stream<Path> files = Files.list(directory)) {
			return files.findAny().isEmpty();
		}
	}

	@Test
	void exitCodeIsTheWorkersOwn() throws Exception {
		WorkerProcess process = launch("worker-1", "exit", "42");
		assertThat(exitCode(process)).isEqualTo(42);
		assertThat(process.isAlive()).isFalse();
	}

	@Test
	void killedWorkerExitsWith137() throws Exception {
		WorkerProcess process = launch("worker-1", "hang");
		this.console.await("worker-1 | ready");
		assertThat(process.isAlive()).isTrue();
		process.kill();
		assertThat(exitCode(process)).isEqualTo(137);
		process.kill();
		process.terminate();
	}

	@Test
	void terminatedWorkerSaysItsLastWordsAndExitsWith143() throws Exception {
		WorkerProcess process = launch("worker-1", "farewell");
		this.console.await("worker-1 | ready");
		process.terminate();
		assertThat(exitCode(process)).isEqualTo(143);
		assertThat(process.lastLines()).containsExactly("ready", "farewell");
	}

	@Test
	void daemonWithASessionOfItsOwnLivesOnAndMayHoldTheOutput() throws Exception {
		WorkerProcess process = launch("worker-1", "daemon");
		String pid = this.console.await("worker-1 | ").substring("worker-1 | ".length());
		this.grandchildren.add(ProcessHandle.of(Long.parseLong(pid)).orElseThrow());
		assertThat(process.onExit().toCompletableFuture().get(20, TimeUnit.SECONDS)).isZero();
		assertThat(this.grandchildren.get(0).isAlive()).isTrue();
		assertThat(process.lastLines()).containsExactly(pid);
	}

	@Test
	void whatAKilledWorkerHasStartedEndsWithIt() throws Exception {
		WorkerProcess process = launch("worker-1", "parent");
		WorkerProcess other = launch("worker-2", "hang");
		String pid = this.console.await("worker-1 | ").substring("worker-1 | ".length());
		ProcessHandle child = ProcessHandle.of(Long.parseLong(pid)).orElseThrow();
		this.grandchildren.add(child);
		process.kill();
		assertThat(exitCode(process)).isEqualTo(137);
		assertThat(child.onExit()).succeedsWithin(30, TimeUnit.SECONDS);
		assertThat(other.isAlive()).isTrue();
	}

	@Test
	void exitCannotBeCompletedByOthers() throws Exception {
		WorkerProcess process = launch("worker-1", "exit", "3");
		process.onExit().toCompletableFuture().complete(0);
		assertThat(exitCode(process)).isEqualTo(3);
	}

	@Test
	void workerIsNotBlockedByAConsoleThatFails() throws Exception {
		PrintStream broken = new PrintStream(OutputStream.nullOutputStream()) {

			@Override
			public void write(byte[] bytes, int from, int length) {
				throw new IllegalStateException("no console");
			}

		};
		WorkerProcess process = launch(launcher(WorkerOutput.PREFIX, broken),
				new LaunchRequest("worker-1", command("print", "5000", "x".repeat(100)), Map.of()));
		assertThat(exitCode(process)).isZero();
		assertThat(process.lastLines()).last().asString().startsWith("4999 ");
	}

	@Test
	void missingJarIsNamed() {
		JvmCommand command = new JvmCommand(JAVA, List.of(), List.of("-jar", "/x/app.jar"), List.of());
		assertThatExceptionOfType(LaunchException.class)
			.isThrownBy(() -> launch(new LaunchRequest("worker-3", command, Map.of())))
			.withMessage("Cannot fork worker-3: the application's JAR '/x/app.jar' no longer exists")
			.satisfies((ex) -> assertThat(ex.worker()).isEqualTo("worker-3"));
	}

	@Test
	void missingJavaIsNamed() {
		assertThatExceptionOfType(LaunchException.class).isThrownBy(() -> launchWith("/x/bin/java"))
			.withMessage("Cannot fork worker-3: the Java launcher '/x/bin/java' does not exist");
	}

	@Test
	void javaThatIsNotExecutableIsNamed() throws Exception {
		Path java = Files.createFile(this.directory.resolve("java"));
		assertThatExceptionOfType(LaunchException.class).isThrownBy(() -> launchWith(java.toString()))
			.withMessage("Cannot fork worker-3: the Java launcher '" + java + "' is not executable");
	}

	@Test
	void whatTheOperatingSystemRefusesIsExplained() {
		String tooLong = "x".repeat(1 << 22);
		assertThatExceptionOfType(LaunchException.class).isThrownBy(() -> launch("worker-3", "print", "1", tooLong))
			.withMessage("Cannot fork worker-3: its command line and environment are too long")
			.withCauseInstanceOf(IOException.class);
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|',
			textBlock = """
					Cannot run program "java": error=24, Too many open files | the master has too many open files (see 'ulimit -n')
					Cannot run program "java": Exec failed, error: 12 (Cannot allocate memory)  | there is not enough memory
					something new | something new
					""")
	void errorNumbersOfAllReleasesAreUnderstood(String message, String reason) {
		assertThat(DefaultWorkerLauncher.reason(message)).isEqualTo(reason);
	}

	@Test
	void logsOfTwoWorkersInOneSlotAreOneFileOfWholeLinesWithoutNames() throws Exception {
		WorkerLauncher launcher = launcher(WorkerOutput.FILE, this.console.stream);
		Path log = Files.writeString(this.directory.resolve("worker-1.log"), "of an earlier master\n");
		LaunchRequest request = new LaunchRequest("worker-1", command("print", "2000", "x".repeat(200)), Map.of());
		List<WorkerProcess> both = List.of(launch(launcher, request), launch(launcher, request));
		for (WorkerProcess process : both) {
			assertThat(exitCode(process)).isZero();
			assertThat(process.lastLines()).hasSize(50);
		}
		List<String> lines = Files.readAllLines(log);
		assertThat(lines).hasSize(4001).first().isEqualTo("of an earlier master");
		assertThat(lines.subList(1, lines.size())).allMatch((line) -> line.matches("\\d+ x{200}"));
		assertThat(this.console.toString()).isEmpty();
	}

	@Test
	void workerIsNeitherBlockedNorKilledByADiskThatIsFull() throws Exception {
		Files.createSymbolicLink(this.directory.resolve("worker-1.log"), Path.of("/dev/full"));
		WorkerProcess process = launch(launcher(WorkerOutput.FILE, this.console.stream),
				new LaunchRequest("worker-1", command("print", "5000", "x".repeat(100)), Map.of()));
		assertThat(exitCode(process)).isZero();
		assertThat(process.lastLines()).last().asString().startsWith("4999 ");
		assertThat(this.problems).singleElement()
			.asString()
			.isEqualTo("'%s' cannot be written, lines are lost until it can: No space left on device",
					this.directory.resolve("worker-1.log"));
	}

	@Test
	void outputThatNobodyWantsIsKnownForItsLastLines() throws Exception {
		WorkerProcess process = launch(launcher(WorkerOutput.DISCARD, this.console.stream),
				new LaunchRequest("worker-1", command("print", "80", "x"), Map.of()));
		assertThat(exitCode(process)).isZero();
		assertThat(process.lastLines()).hasSize(50).endsWith("79 x");
		assertThat(this.console.toString()).isEmpty();
	}

	@Test
	void inheritedOutputDoesNotComeByTheMaster() throws Exception {
		WorkerProcess process = launch(launcher(WorkerOutput.INHERIT, this.console.stream),
				new LaunchRequest("worker-1", command("exit", "7"), Map.of()));
		assertThat(exitCode(process)).isEqualTo(7);
		assertThat(process.lastLines()).isEmpty();
		assertThat(this.console.toString()).isEmpty();
	}

	@Test
	void processRunsAsTheAccountUnderThePidThatWasLaunched() throws Exception {
		AccountSwitch account = TestAccounts.assumeNobody();
		assumeTrue(TestAccounts.mayRead(account, Path.of("target", "test-classes").toAbsolutePath()),
				"The account cannot read the classes");
		WorkerProcess process = launch(
				WorkerLauncher.create(new LaunchSettings(WorkerOutput.PREFIX, this.directory, this.console.stream,
						this.problems::add, account)),
				new LaunchRequest("worker-1", command("account", "USER", "LOGNAME", "HOME"), Map.of()));
		assertThat(this.console.await("worker-1 | "))
			.isEqualTo("worker-1 | %d 65534 65534 nobody nobody %s".formatted(process.pid(), account.account().home()));
		assertThat(process.residentMemory()).isPresent();
		process.terminate();
		assertThat(exitCode(process)).isEqualTo(143);
	}

	/**
	 * What a worker can ask for, by {@code fork(env)}, must not reach what still runs as
	 * root: the loader would run it in {@code setpriv}.
	 * @throws Exception if something fails
	 */
	@Test
	void libraryThatAVariableNamesIsNeverLoadedBeforeTheSwitchOfAccounts() throws Exception {
		AccountSwitch account = TestAccounts.assumeNobody();
		Path folder = Files.createTempDirectory("preload-");
		try {
			Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxrwxrwx"));
			Path library = compilePreload(folder);
			Map<String, String> hostile = new HashMap<>();
			for (String name : List.of("LD_PRELOAD", "LD_AUDIT", "GCONV_PATH", "GLIBC_TUNABLES", "BASH_ENV", "ENV")) {
				hostile.put(name, library.toString());
			}
			hostile.put("PATH", folder.toString());
			hostile.put("LD_LIBRARY_PATH", folder.toString());
			hostile.put("JDK_JAVA_OPTIONS", "-Dfrom=options");
			WorkerProcess process = launch(accountLauncher(account),
					new LaunchRequest("worker-1", command("variables"), hostile));
			exitCode(process);
			assertThat(process.lastLines()).as("output").isNotEmpty();
			List<String> loads = Files.readAllLines(folder.resolve("loads"));
			assertThat(loads).anyMatch((load) -> load.endsWith("java")).allMatch((load) -> load.startsWith("65534 "));
		}
		finally {
			FileSystemUtils.deleteRecursively(folder);
		}
	}

	private static Path compilePreload(Path folder) throws Exception {
		Path source = Files.writeString(folder.resolve("preload.c"), """
				#include <stdio.h>
				#include <unistd.h>
				unsigned la_version(unsigned version) { return version; }
				__attribute__((constructor)) static void loaded(void) {
					char path[512] = { 0 };
					readlink("/proc/self/exe", path, sizeof path - 1);
					FILE *file = fopen("%s", "a");
					if (file) { fprintf(file, "%%d %%s\\n", (int) geteuid(), path); fclose(file); }
				}
				""".formatted(folder.resolve("loads")));
		Path library = folder.resolve("preload.so");
		Files.setPosixFilePermissions(Files.createFile(folder.resolve("loads")),
				PosixFilePermissions.fromString("rw-rw-rw-"));
		int code;
		try {
			code = new ProcessBuilder("gcc", "-shared", "-fPIC", "-o", library.toString(), source.toString())
				.inheritIO()
				.start()
				.waitFor();
		}
		catch (IOException ex) {
			code = -1;
		}
		assumeTrue(code == 0, "No C compiler");
		Files.setPosixFilePermissions(library, PosixFilePermissions.fromString("rwxr-xr-x"));
		return library;
	}

	@Test
	void variablesWithNamesOfAllKindsReachAWorkerOfAnotherAccount() throws Exception {
		AccountSwitch account = TestAccounts.assumeNobody();
		Map<String, String> variables = Map.of("SPRING_ONE", "two  words", "my.property", "$(id) `id` \"", "UID", "7",
				"a-b", "'", "IFS", "x", "EMPTY", "", "-i", "y", "CLUSTER_WORKER_ID", "3");
		WorkerProcess process = launch(accountLauncher(account),
				new LaunchRequest("worker-1", command("variables"), variables));
		exitCode(process);
		// All of them: the last lines are less than a large environment has
		assertThat(this.console.toString().lines().map((line) -> line.replaceFirst("^worker-1 \\| ", "")))
			.contains("PATH=" + System.getenv("PATH"), "USER=nobody")
			.containsAll(variables.entrySet().stream().map((entry) -> entry.getKey() + "=" + entry.getValue()).toList())
			.noneMatch((line) -> line.startsWith(VariableCarrier.PREFIX));
	}

	private WorkerLauncher accountLauncher(AccountSwitch account) {
		assumeTrue(mayReadClasses(account), "The account cannot read the classes");
		return WorkerLauncher.create(new LaunchSettings(WorkerOutput.PREFIX, this.directory, this.console.stream,
				this.problems::add, account));
	}

	private static boolean mayReadClasses(AccountSwitch account) {
		try {
			return TestAccounts.mayRead(account, Path.of("target", "test-classes").toAbsolutePath());
		}
		catch (Exception ex) {
			return false;
		}
	}

	@Test
	void variableThatTheSystemRefusesIsALaunchThatFails() {
		for (Map.Entry<String, String> variable : Map.of("a=b", "x", "N", "nu\0l").entrySet()) {
			assertThatExceptionOfType(LaunchException.class)
				.isThrownBy(() -> launch(new LaunchRequest("worker-3", command("exit", "0"),
						Map.of(variable.getKey(), variable.getValue()))))
				.withMessageStartingWith(
						"Cannot fork worker-3: its environment or its command line cannot be passed on");
		}
	}

	private WorkerLauncher launcher(WorkerOutput output, PrintStream console) {
		return WorkerLauncher.create(new LaunchSettings(output, this.directory, console, this.problems::add, null));
	}

	private WorkerProcess launchWith(String java) throws LaunchException {
		return launch(
				new LaunchRequest("worker-3", new JvmCommand(java, List.of(), List.of("Main"), List.of()), Map.of()));
	}

	private WorkerProcess launch(String name, String... arguments) throws LaunchException {
		return launch(new LaunchRequest(name, command(arguments), Map.of()));
	}

	private WorkerProcess launch(LaunchRequest request) throws LaunchException {
		return launch(launcher(WorkerOutput.PREFIX, this.console.stream), request);
	}

	private WorkerProcess launch(WorkerLauncher launcher, LaunchRequest request) throws LaunchException {
		WorkerProcess process = launcher.launch(request);
		this.processes.add(process);
		return process;
	}

	private static JvmCommand command(String... arguments) {
		List<String> jvmArguments = new ArrayList<>(SMALL);
		jvmArguments.addAll(List.of("-cp", classPath()));
		return new JvmCommand(JAVA, jvmArguments, List.of(ChildMain.class.getName()), Arrays.asList(arguments));
	}

	private static String classPath() {
		return Path.of("target", "test-classes").toAbsolutePath() + ":" + Path.of("target", "classes").toAbsolutePath();
	}

	private static int exitCode(WorkerProcess process) throws Exception {
		return process.onExit().toCompletableFuture().get(30, TimeUnit.SECONDS);
	}

	/**
	 * A console that a test can wait for.
	 */
	private static final class Console {

		private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

		private final BlockingQueue<String> lines = new LinkedBlockingQueue<>();

		private final PrintStream stream = new PrintStream(this.bytes, true) {

			@Override
			public void write(byte[] bytes, int from, int length) {
				super.write(bytes, from, length);
				// A write may hold several lines, each of which somebody may wait for
				new String(bytes, from, length, StandardCharsets.UTF_8).lines().forEach(Console.this.lines::add);
			}

		};

		String await(String start) throws InterruptedException {
			while (true) {
				String line = this.lines.poll(20, TimeUnit.SECONDS);
				assertThat(line).as("a line that starts with '%s'", start).isNotNull();
				if (line.startsWith(start)) {
					return line;
				}
			}
		}

		@Override
		public String toString() {
			return this.bytes.toString(StandardCharsets.UTF_8);
		}

	}

}
