package io.github.bootcluster.autoconfigure.diagnostics;

import java.util.List;
import java.util.Objects;

import io.github.bootcluster.master.supervise.FirstWorkerFailedException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.core.env.Environment;
import org.springframework.mock.env.MockEnvironment;

import static org.assertj.core.api.Assertions.assertThat;

class FirstWorkerFailedFailureAnalyzerTests {

	private static final String END = ". With cluster.enabled=false the application starts without a cluster.";

	private final FirstWorkerFailedException failure = new FirstWorkerFailedException("exited with code 1",
			List.of("one", "two"), false);

	@Test
	void outputIsLookedForWhereItIs() {
		assertThat(action(null)).isEqualTo("Look at what the worker wrote, above" + END);
		assertThat(action(new MockEnvironment())).isEqualTo("Look at what the worker wrote, above" + END);
		assertThat(action(new MockEnvironment().withProperty("cluster.worker.output", "file")
			.withProperty("cluster.worker.output-directory", "/var/log/app")))
			.isEqualTo("Look at what the worker wrote, at the end of the newest log in '/var/log/app'" + END);
	}

	@Test
	void outputThatIsNowhereIsRepeated() {
		assertThat(action(new MockEnvironment().withProperty("cluster.worker.output", "discard")))
			.contains("\n\none\ntwo\n\n");
	}

	@Test
	void workerThatTookTooLongIsToldByWhichProperty() {
		FailureAnalysis analysis = Objects.requireNonNull(new FirstWorkerFailedFailureAnalyzer(
				new MockEnvironment().withProperty("cluster.worker.start-timeout", "90s"))
			.analyze(new FirstWorkerFailedException("was slow", List.of(), true)));
		assertThat(analysis.getAction()).startsWith(
				"Find out what it waits for, or set cluster.worker.start-timeout, which is 90 s, to more. Look at");
	}

	private String action(@Nullable Environment environment) {
		FailureAnalysis analysis = Objects
			.requireNonNull(new FirstWorkerFailedFailureAnalyzer(environment).analyze(this.failure));
		return String.valueOf(analysis.getAction());
	}

}
