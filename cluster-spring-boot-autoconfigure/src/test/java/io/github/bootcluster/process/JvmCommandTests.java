package io.github.bootcluster.process;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

class JvmCommandTests {

	@TempDir
	Path directory;

	@Test
	void findsTheJar() {
		JvmCommand command = parse("-Xmx64m", "-jar", "app.jar", "--server.port=1");
		assertThat(command).isEqualTo(
				new JvmCommand("java", List.of("-Xmx64m"), List.of("-jar", "app.jar"), List.of("--server.port=1")));
		assertThat(command.jar()).hasValue(Path.of("app.jar"));
	}

	@Test
	void findsTheJarBehindOptionsThatFollowDashJar() {
		JvmCommand command = parse("-jar", "-Da=b", "-cp", "x", "app.jar", "-Dc=d");
		assertThat(command.jvmArguments()).containsExactly("-Da=b", "-cp", "x");
		assertThat(command.main()).containsExactly("-jar", "app.jar");
		assertThat(command.arguments()).containsExactly("-Dc=d");
	}

	@ParameterizedTest
	@ValueSource(strings = { "-cp", "-classpath", "--class-path", "-p", "--module-path", "--upgrade-module-path",
			"--add-modules", "--limit-modules", "--add-exports", "--add-opens", "--add-reads", "--patch-module",
			"--enable-native-access", "--source" })
	void keepsASeparateValueNextToItsOption(String option) {
		JvmCommand command = parse(option, "value", "-Da=b", "com.Main", "argument");
		assertThat(command.jvmArguments()).containsExactly(option, "value", "-Da=b");
		assertThat(command.main()).containsExactly("com.Main");
		assertThat(command.arguments()).containsExactly("argument");
		assertThat(command.jar()).isEmpty();
	}

	@Test
	void findsTheModule() {
		assertThat(parse("-p", "lib", "-m", "mod/com.Main", "-m").main()).containsExactly("-m", "mod/com.Main");
		assertThat(parse("--module", "mod").main()).containsExactly("--module", "mod");
		assertThat(parse("--module=mod/com.Main", "x").main()).containsExactly("--module=mod/com.Main");
	}

	@Test
	void leavesProgramArgumentsAlone() {
		assertThat(parse("com.Main", "-cp", "-jar", "@file", "", "--", "-agentlib:jdwp", "@@x").arguments())
			.containsExactly("-cp", "-jar", "@file", "", "--", "-agentlib:jdwp", "@@x");
	}

	@Test
	void expandsArgumentFiles() throws IOException {
		Path file = file("""
				# a comment
				-Da="b c"'d' # another
				-Dtab="1\\t2\\\\3\\"4" -Draw=C:\\temp
				-cp "lib/one.jar:\\
				     lib/two.jar"
				""");
		assertThat(parse("@" + file, "com.Main").jvmArguments()).containsExactly("-Da=b cd", "-Dtab=1\t2\\3\"4",
				"-Draw=C:\\temp", "-cp", "lib/one.jar:lib/two.jar");
	}

	@Test
	void expandsAnArgumentFileThatIsTheValueOfAnOption() throws IOException {
		JvmCommand command = parse("-cp", "@" + file("a.jar:b.jar"), "-jar", "@" + file("app.jar @literal"), "@x");
		assertThat(command.jvmArguments()).containsExactly("-cp", "a.jar:b.jar");
		assertThat(command.main()).containsExactly("-jar", "app.jar");
		assertThat(command.arguments()).containsExactly("@literal", "@x");
	}

	@Test
	void escapesWhatTheLauncherWouldTakeForAnArgumentFile() {
		JvmCommand command = parse("-cp", "@@classes", "com.Main", "@x");
		assertThat(command.jvmArguments()).containsExactly("-cp", "@classes");
		assertThat(command.toCommandLine()).containsExactly("java", "-cp", "@@classes", "com.Main", "@x");
	}

	@Test
	void doesNotExpandArgumentFilesOnceItIsDisabled() {
		JvmCommand command = parse("--disable-@files", "-cp", "@classes", "com.Main");
		assertThat(command.jvmArguments()).containsExactly("-cp", "@classes");
		assertThat(command.toCommandLine()).containsExactly("java", "-cp", "@@classes", "com.Main");
	}

	@Test
	void namesTheArgumentFileThatHasGone() {
		assertThatExceptionOfType(JvmCommandException.class).isThrownBy(() -> parse("@/no/such/file", "com.Main"))
			.withMessage("Cannot tell how this JVM was started: its argument file '/no/such/file' cannot be read");
	}

	@Test
	void refusesACommandLineThatRunsNothing() {
		assertThatExceptionOfType(JvmCommandException.class).isThrownBy(() -> parse("-Xmx64m", "-jar"))
			.withMessageContaining("names no main class, JAR or module");
	}

	@ParameterizedTest
	@ValueSource(strings = { "-agentlib:jdwp=transport=dt_socket,server=y,address=5005", "-agentlib:jdwp",
			"-agentpath:/usr/lib/libjdwp.so=transport=dt_socket", "-Xrunjdwp:transport=dt_socket", "-Xdebug",
			"-Dcom.sun.management.jmxremote", "-Dcom.sun.management.jmxremote.port=9010",
			"-Dcom.sun.management.config.file=jmx.properties", "-XX:ArchiveClassesAtExit=app.jsa",
			"-XX:DumpLoadedClassList=classes", "-XX:AOTCacheOutput=app.aot", "-XX:AOTConfiguration=app.conf",
			"-XX:AOTMode=record", "-XX:AOTMode=create", "-XX:+AutoCreateSharedArchive", "-Xloggc:gc.log",
			"-Xlog:gc:gc.log", "-Xlog:gc*:file=gc.log:time,uptime:filecount=5", "-Xlog::file=\"/var/log/a:b.log\"",
			"-XX:LogFile=vm.log", "-XX:StartFlightRecording=filename=app.jfr",
			"-XX:StartFlightRecording:duration=1m,filename=app.jfr,settings=profile" })
	void doesNotInheritWhatTwoJvmsCannotShare(String option) {
		JvmCommand command = parse("-Xmx64m", option, "-Da=b", "com.Main");
		assertThat(command.forWorker(List.of(), null, 17).jvmArguments()).containsExactly("-Xmx64m", "-Da=b");
		assertThat(command.notInherited()).containsExactly(option);
	}

	@ParameterizedTest
	@ValueSource(strings = { "-Dfile.encoding=UTF-8", "-agentlib:hprof", "-agentpath:/jdwp/libprofiler.so=x",
			"-javaagent:otel.jar", "-XX:SharedArchiveFile=app.jsa", "-XX:AOTCache=app.aot", "-XX:AOTMode=on", "-Xlog",
			"-Xlog:gc", "-Xlog:gc*:stdout", "-Xlog:gc:stderr:uptime", "-Xlog:all=info::time", "-Xlog:disable",
			"-Xlog:gc:file=gc-%p.log::filecount=5", "-Xlog:gc:gc-%p.log", "-Xloggc:gc-%p.log", "-XX:LogFile=vm-%p.log",
			"-XX:StartFlightRecording", "-XX:StartFlightRecording=settings=profile",
			"-XX:FlightRecorderOptions=stackdepth=128", "-XX:ErrorFile=error.log", "-XX:HeapDumpPath=/dumps" })
	void inheritsTheRest(String option) {
		JvmCommand command = parse(option, "com.Main");
		assertThat(command.forWorker(List.of(), null, 17).jvmArguments()).containsExactly(option);
		assertThat(command.notInherited()).isEmpty();
	}

	@Test
	void knowsTheOptionsThatNameAnArchiveOrFailWithoutOne() {
		assertThat(parse("-Xmx64m", "-XX:SharedArchiveFile=app.jsa", "-XX:AOTCache=app.aot", "-XX:AOTMode=on",
				"-XX:AOTMode=off", "-Xshare:auto", "com.Main")
			.archives()).containsExactly("-XX:SharedArchiveFile=app.jsa", "-XX:AOTCache=app.aot", "-XX:AOTMode=on");
	}

	@Test
	void inheritsARecordingWithTheProcessIdWhereTheJvmPutsItIn() {
		JvmCommand command = parse("-XX:StartFlightRecording=filename=app-%p.jfr", "com.Main");
		assertThat(command.forWorker(List.of(), null, 17).jvmArguments()).isEmpty();
		assertThat(command.forWorker(List.of(), null, 25).jvmArguments())
			.contains("-XX:StartFlightRecording=filename=app-%p.jfr");
	}

	@Test
	void putsAdditionalJvmArgumentsLastAndLeavesNoneOut() {
		JvmCommand worker = parse("-Xmx64m", "com.Main", "a").forWorker(List.of("-Xmx1g", "-Xdebug"), null, 17);
		assertThat(worker.jvmArguments()).containsExactly("-Xmx64m", "-Xmx1g", "-Xdebug");
		assertThat(worker.arguments()).containsExactly("a");
	}

	@Test
	void replacesProgramArguments() {
		assertThat(parse("com.Main", "a").forWorker(List.of(), List.of("b")).arguments()).containsExactly("b");
		assertThat(parse("com.Main", "a").forWorker(List.of(), List.of()).arguments()).isEmpty();
	}

	@Test
	void allowsNativeAccessWhereTheJvmWouldWarn() {
		String allow = "--enable-native-access=ALL-UNNAMED";
		assertThat(parse("com.Main").forWorker(List.of("-Da=b"), null, 24).jvmArguments()).containsExactly(allow,
				"-Da=b");
		assertThat(parse("com.Main").forWorker(List.of(), null, 23).jvmArguments()).isEmpty();
		assertThat(parse("--enable-native-access", "m", "com.Main").forWorker(List.of(), null, 24).jvmArguments())
			.doesNotContain(allow);
		assertThat(parse("com.Main").forWorker(List.of("--enable-native-access=m"), null, 24).jvmArguments())
			.doesNotContain(allow);
	}

	@Test
	void runsAnotherJar() {
		assertThat(parse("-Xmx1g", "-jar", "app.jar", "x").withJar(Path.of("/snapshot/app.jar")).toCommandLine())
			.containsExactly("java", "-Xmx1g", "-jar", "/snapshot/app.jar", "x");
	}

	@Test
	void splitsTheKernelsCommandLineWithoutLosingEmptyArguments() {
		assertThat(RunningJvm.split("java\0Main\0\0a b\0\0")).containsExactly("java", "Main", "", "a b", "");
	}

	@Test
	void isPutTogetherFromTheMemoryOfTheJvmWhereTheKernelDoesNotTell() {
		assertThat(RunningJvm.fromMemory("java", List.of("-Da=b"), "my app.jar", "my app.jar x y").toCommandLine())
			.containsExactly("java", "-Da=b", "-jar", "my app.jar", "x", "y");
		assertThat(RunningJvm.fromMemory("java", List.of(), "a.jar:b.jar", "com.Main x").toCommandLine())
			.containsExactly("java", "-cp", "a.jar:b.jar", "com.Main", "x");
		assertThat(RunningJvm
			.fromMemory("java", List.of("--module-path=lib", "-Djdk.module.main=mod"), "", "mod/com.Main x")
			.toCommandLine()).containsExactly("java", "--module-path=lib", "-m", "mod/com.Main", "x");
		assertThatExceptionOfType(JvmCommandException.class)
			.isThrownBy(() -> RunningJvm.fromMemory("java", List.of(), "", ""));
	}

	private Path file(String text) throws IOException {
		return Files.writeString(Files.createTempFile(this.directory, "arguments", ""), text);
	}

	private static JvmCommand parse(String... arguments) {
		List<String> commandLine = new ArrayList<>(List.of("java"));
		commandLine.addAll(Arrays.asList(arguments));
		return JvmCommand.parse(commandLine);
	}

	@Test
	void argumentThatLeadsIsTheFirstAfterTheLauncher() {
		JvmCommand command = new JvmCommand("java", List.of("-Xmx1g"), List.of("-jar", "app.jar"), List.of("a"));
		assertThat(command.ledBy("-Dcluster.worker.slot=2").toCommandLine()).containsExactly("java",
				"-Dcluster.worker.slot=2", "-Xmx1g", "-jar", "app.jar", "a");
	}

	@Test
	void namesAreExpandedButForThoseThatAreInherited() {
		JvmCommand master = new JvmCommand("java", List.of("-Da=%{slot}", "-Xmx1g"), List.of("Main"), List.of("%{id}"));
		JvmCommand worker = master.inheriting(true, List.of("-Xmx"))
			.forWorker(List.of("-Db=912%{slot}/%{group}%{other}", "-Dc=%%{slot}"), null, 17)
			.expand(Map.of("slot", "2", "id", "7", "group", "jobs"));
		assertThat(worker.jvmArguments()).containsExactly("-Da=%{slot}", "-Db=9122/jobs%{other}", "-Dc=%{slot}");
		assertThat(worker.arguments()).containsExactly("%{id}");
	}

}
