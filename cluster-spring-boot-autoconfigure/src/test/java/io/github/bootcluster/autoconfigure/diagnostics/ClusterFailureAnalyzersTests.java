package io.github.bootcluster.autoconfigure.diagnostics;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

import io.github.bootcluster.autoconfigure.properties.ClusterProperties;
import io.github.bootcluster.autoconfigure.properties.InvalidClusterPropertyException;
import io.github.bootcluster.master.PidFileException;
import io.github.bootcluster.master.listen.TooFewDescriptorsException;
import io.github.bootcluster.process.ApplicationSnapshot;
import io.github.bootcluster.process.LogFolder;
import io.github.bootcluster.process.LogFolderException;
import io.github.bootcluster.process.SnapshotException;
import io.github.bootcluster.process.WorkerAccount;
import io.github.bootcluster.process.WorkerAccountException;
import io.github.bootcluster.wire.ListenFailure;
import io.github.bootcluster.wire.NoMasterException;
import io.github.bootcluster.wire.WorkerIdentity;
import io.github.bootcluster.worker.ListenRefusedException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import org.springframework.boot.context.properties.bind.BindException;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.diagnostics.FailureAnalyzer;
import org.springframework.boot.env.OriginTrackedMapPropertySource;
import org.springframework.boot.origin.OriginTrackedValue;
import org.springframework.boot.origin.TextResourceOrigin;
import org.springframework.boot.origin.TextResourceOrigin.Location;
import org.springframework.boot.web.server.PortInUseException;
import org.springframework.core.annotation.AnnotationAwareOrderComparator;
import org.springframework.core.env.StandardEnvironment;
import org.springframework.core.io.ClassPathResource;
import org.springframework.core.io.support.SpringFactoriesLoader;
import org.springframework.mock.env.MockEnvironment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.mockito.BDDMockito.given;
import static org.mockito.Mockito.mock;

/**
 * Promises on what a user reads who got something wrong.
 */
class ClusterFailureAnalyzersTests {

	@Test
	void refusedValueIsExplainedWithPropertyValueAndWhatIsAllowed() {
		FailureAnalysis analysis = analyze(
				new InvalidClusterPropertyException("cluster.workers", "-1", "a whole number from 0 to 1024"));
		assertThat(analysis.getDescription())
			.isEqualTo("Property 'cluster.workers' has the value '-1', which is not allowed.");
		assertThat(analysis.getAction()).isEqualTo("Set it to a whole number from 0 to 1024.");
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|',
			textBlock = """
					cluster.distribution          | quickest | one of: round-robin, least-connections, ip-hash, random, shared, reuse-port
					cluster.drain.timeout         | soon     | a duration, such as 500ms, 30s or 5m
					cluster.respawn.multiplier    | fast     | a number
					cluster.respawn.max-attempts  | many     | a whole number
					cluster.restart.surge         | 99999999999 | a whole number
					cluster.enabled               | maybe    | true or false
					cluster.worker.output         | printer  | one of: inherit, prefix, file, discard
					""")
	void valueThatCannotBeConvertedIsExplainedWithPropertyValueAndWhatIsAllowed(String property, String value,
			String allowed) {
		FailureAnalysis analysis = analyze(bindFailure(property, value));
		assertThat(analysis.getDescription())
			.startsWith("Property '%s' has the value '%s' (originating from \"%s\" from property source"
				.formatted(property, value, property))
			.endsWith("), which is not allowed.");
		assertThat(analysis.getAction()).isEqualTo("Set it to %s.", allowed);
	}

	@Test
	void applicationThatCannotBeCopiedIsNamedWithItsProblem(@TempDir Path folder) {
		Path jar = folder.resolve("app.jar");
		FailureAnalysis analysis = analyze(catchThrowableOfType(SnapshotException.class,
				() -> ApplicationSnapshot.take(jar, folder.resolve("1"), null)));
		assertThat(analysis.getDescription())
			.isEqualTo("The cluster runs from a copy of '%s', which cannot be made: it does not exist.", jar);
		assertThat(analysis.getAction()).contains("cluster.work-directory");
	}

	@Test
	void folderThatCannotHoldTheLogsIsNamedWithItsProblem(@TempDir Path folder) throws IOException {
		Path file = Files.createFile(folder.resolve("logs"));
		FailureAnalysis analysis = analyze(
				catchThrowableOfType(LogFolderException.class, () -> LogFolder.prepare(file)));
		assertThat(analysis.getDescription()).isEqualTo(
				"The logs of the workers cannot be put into '%s': a file of this name exists that is not a folder.",
				file);
		assertThat(analysis.getAction()).contains("cluster.worker.output-directory");
	}

	@Test
	void folderOfLogsThatEveryAccountMayWriteIsNotTrusted(@TempDir Path folder) throws IOException {
		Path logs = Files.createDirectory(folder.resolve("logs"));
		LogFolder.requireTrusted(logs);
		Files.setAttribute(logs, "unix:mode", 0777);
		FailureAnalysis analysis = analyze(
				catchThrowableOfType(LogFolderException.class, () -> LogFolder.requireTrusted(logs)));
		assertThat(analysis.getDescription()).contains(logs.toString(), "has the mode 0777", "belong to root");
	}

	@Test
	void accountThatCannotRunWorkersIsNamedWithItsProblem() {
		FailureAnalysis analysis = analyze(new WorkerAccountException(
				new WorkerAccount("nobody", 65534, "nogroup", 65534, "/", true), "it may not execute java"));
		assertThat(analysis.getDescription())
			.isEqualTo("Workers cannot run as 'nobody:nogroup': it may not execute java.");
		assertThat(analysis.getAction()).contains("cluster.worker.run-as.user").contains("cluster.worker.run-as.group");
	}

	@Test
	void fileAndLineOfAWrongValueAreNamed() {
		StandardEnvironment environment = new StandardEnvironment();
		environment.getPropertySources()
			.addFirst(new OriginTrackedMapPropertySource("file", Map.of("cluster.drain.timeout", OriginTrackedValue
				.of("soon", new TextResourceOrigin(new ClassPathResource("application.yml"), new Location(6, 12))))));
		BindException failure = catchThrowableOfType(BindException.class,
				() -> Binder.get(environment).bindOrCreate("cluster", ClusterProperties.class));
		assertThat(analyze(failure).getDescription())
			.contains("'soon' (originating from class path resource [application.yml] - 7:13)");
	}

	@Test
	void propertiesOfOthersAreLeftToTheirOwners() {
		MockEnvironment environment = new MockEnvironment().withProperty("mine.enabled", "maybe");
		BindException failure = catchThrowableOfType(BindException.class,
				() -> Binder.get(environment).bind("mine.enabled", Boolean.class));
		assertThat(new ClusterBindFailureAnalyzer().analyze(failure)).isNull();
	}

	@Test
	void pidFileThatCannotBeWrittenIsNamedWithItsProblem() {
		Path file = Path.of("/run/app.pid");
		FailureAnalysis running = analyze(new PidFileException(file, 4711));
		assertThat(running.getDescription())
			.isEqualTo("The pid file '/run/app.pid' cannot be written: it is that of process 4711, which is running.");
		assertThat(running.getAction()).startsWith("End process 4711 before another master is started");
		FailureAnalysis broken = analyze(new PidFileException(file, "its folder does not exist", null));
		assertThat(broken.getDescription()).contains("its folder does not exist");
		assertThat(broken.getAction()).startsWith("Set cluster.pid-file to the path of a file");
	}

	@Test
	void tooFewDescriptorsAreExplainedWithTheNumbers() {
		FailureAnalysis analysis = analyze(new TooFewDescriptorsException(500, 1024, 4256));
		assertThat(analysis.getDescription())
			.isEqualTo("500 workers need up to 4256 open files in the master, but it may open only 1024.");
		assertThat(analysis.getAction()).contains("ulimit -n").contains("cluster.workers");
	}

	@Test
	void workerIdSetByHandIsExplained() {
		NoMasterException failure = catchThrowableOfType(NoMasterException.class,
				() -> WorkerIdentity.from(Map.of(WorkerIdentity.ID, "1")));
		FailureAnalysis analysis = analyze(failure);
		assertThat(analysis.getDescription())
			.isEqualTo("The environment variable CLUSTER_WORKER_ID is '1', which makes this process a worker, "
					+ "but the variable CLUSTER_CONTROL_SOCKET is missing.");
		assertThat(analysis.getAction()).startsWith("Only a master sets this variable");
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', textBlock = """
			ADDRESS_IN_USE    | Stop the process that listens on it
			PERMISSION_DENIED | Let the account of this process write to the folder
			OTHER             | Create the folder if it is missing, remove what is in the way
			""")
	void unixSocketThatCannotBeOpenedIsNotTakenForAPort(ListenFailure failure, String action) {
		ListenRefusedException refused = mock(ListenRefusedException.class);
		given(refused.getAddress()).willReturn("/run/app.sock");
		given(refused.getFailure()).willReturn(failure);
		given(refused.getReason()).willReturn("Nobody knows why");
		FailureAnalysis analysis = analyze(new PortInUseException(-1, refused));
		assertThat(analysis.getDescription()).isEqualTo("The master cannot listen on /run/app.sock: Nobody knows why.");
		assertThat(analysis.getAction()).startsWith(action).endsWith("choose another path with server.address.");
	}

	@Test
	void portThatIsInUseIsLeftToSpringBootToExplain() {
		ListenRefusedException refused = mock(ListenRefusedException.class);
		given(refused.getAddress()).willReturn("127.0.0.1:8080");
		given(refused.getFailure()).willReturn(ListenFailure.ADDRESS_IN_USE);
		assertThat(new ListenRefusedFailureAnalyzer().analyze(refused)).isNull();
	}

	@Test
	void everyAnalyzerCanBeCreatedBeforeThereIsAContext() {
		List<FailureAnalyzer> all = allAnalyzers();
		assertThat(all).hasAtLeastOneElementOfType(InvalidClusterPropertyFailureAnalyzer.class);
	}

	private static BindException bindFailure(String property, String value) {
		MockEnvironment environment = new MockEnvironment().withProperty(property, value);
		return catchThrowableOfType(BindException.class,
				() -> Binder.get(environment).bindOrCreate("cluster", ClusterProperties.class));
	}

	/**
	 * Goes through all analyzers in their order, as Spring Boot does.
	 * @param failure the failure
	 * @return the first analysis
	 */
	private static FailureAnalysis analyze(Throwable failure) {
		for (FailureAnalyzer analyzer : allAnalyzers()) {
			@Nullable FailureAnalysis analysis = analyzer.analyze(new IllegalStateException("wrapped", failure));
			if (analysis != null) {
				return analysis;
			}
		}
		throw new AssertionError("Nobody explains " + failure);
	}

	private static List<FailureAnalyzer> allAnalyzers() {
		// Some of others need a context
		List<FailureAnalyzer> analyzers = SpringFactoriesLoader.forDefaultResourceLocation()
			.load(FailureAnalyzer.class,
					(type, name, failure) -> assertThat(name).doesNotStartWith("io.github.bootcluster."));
		analyzers.sort(AnnotationAwareOrderComparator.INSTANCE);
		return analyzers;
	}

}
