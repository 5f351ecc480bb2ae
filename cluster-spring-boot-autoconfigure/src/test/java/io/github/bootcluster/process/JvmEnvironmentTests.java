package io.github.bootcluster.process;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

class JvmEnvironmentTests {

	@ParameterizedTest
	@ValueSource(strings = { "JAVA_TOOL_OPTIONS", "JDK_JAVA_OPTIONS", "_JAVA_OPTIONS" })
	void losesWhatTwoJvmsCannotShare(String variable) {
		Map<String, String> environment = environment(variable, "-Da='b  c' \"-agentlib:jdwp=x=y z\"\t-Xmx64m");
		assertThat(JvmEnvironment.notInherited(environment)).containsExactly("-agentlib:jdwp=x=y z");
		JvmEnvironment.clean(environment);
		assertThat(environment).containsExactly(Map.entry(variable, "-Da='b  c' -Xmx64m"));
	}

	@Test
	void losesAVariableThatHasNothingLeft() {
		Map<String, String> environment = environment("JAVA_TOOL_OPTIONS", " -Xdebug -Xrunjdwp:x ");
		JvmEnvironment.clean(environment);
		assertThat(environment).isEmpty();
	}

	@Test
	void isLeftAloneIfThereIsNothingToLose() {
		Map<String, String> environment = environment("JAVA_TOOL_OPTIONS", "  -Da=\"it's\"   -Xloggc:%p 'open ");
		environment.put("JAVA_OPTS", "-Xdebug");
		Map<String, String> before = Map.copyOf(environment);
		JvmEnvironment.clean(environment);
		assertThat(environment).isEqualTo(before);
	}

	@Test
	void splitsOptionsAsTheJvmDoes() {
		assertThat(JvmEnvironment
			.options(Map.of("JAVA_TOOL_OPTIONS", "-Dq='1 2' -Dz=\"3\"4\\ -Dlong=" + "x".repeat(9999))))
			.isEqualTo(List.of("-Dq=1 2", "-Dz=34\\", "-Dlong=" + "x".repeat(9999)));
	}

	private static Map<String, String> environment(String variable, String value) {
		return new HashMap<>(Map.of(variable, value));
	}

}
