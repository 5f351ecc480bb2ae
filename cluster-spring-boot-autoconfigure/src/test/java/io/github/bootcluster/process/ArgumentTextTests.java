package io.github.bootcluster.process;

import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

class ArgumentTextTests {

	@ParameterizedTest
	@CsvSource(delimiter = ';', quoteCharacter = '`',
			textBlock = """
					-Xms64m -Xmx256m; -Xms64m|-Xmx256m
					-Xms64m,-Xmx256m; -Xms64m|-Xmx256m
					-Xms64m, -Xmx256m; -Xms64m|-Xmx256m
					-XX:StartFlightRecording=duration=30s,filename=/tmp/w.jfr; -XX:StartFlightRecording=duration=30s,filename=/tmp/w.jfr
					-XX:StartFlightRecording=duration=30s,filename=/tmp/w.jfr -Xmx1g; -XX:StartFlightRecording=duration=30s,filename=/tmp/w.jfr|-Xmx1g
					-agentlib:jdwp=transport=dt_socket,server=y,-Xmx1g; -agentlib:jdwp=transport=dt_socket,server=y|-Xmx1g
					-Dgreeting="hello world" '-Dname=a -b'; -Dgreeting=hello world|-Dname=a -b
					-Dgreeting=hello\\ world -Dpattern=\\d+; -Dgreeting=hello world|-Dpattern=\\d+
					-Djson={"a":1}; -Djson={"a":1}
					"-Dlist=a,-b",-Xmx1g; -Dlist=a,-b|-Xmx1g
					--add-opens java.base/java.lang=ALL-UNNAMED; --add-opens|java.base/java.lang=ALL-UNNAMED
					--add-opens,java.base/java.lang=ALL-UNNAMED,-Xmx1g; --add-opens|java.base/java.lang=ALL-UNNAMED|-Xmx1g
					run,fast; run|fast
					--a=b,c --d=; --a=b,c|--d=
					""")
	void textIsTakenApartAsItIsMeant(String text, String arguments) {
		assertThat(ArgumentText.split(text.replace("\\\\", "\\")))
			.containsExactly(arguments.replace("\\\\", "\\").split("\\|"));
	}

	@Test
	void nothingIsNoArgument() {
		assertThat(ArgumentText.split("  ")).isEmpty();
	}

	@Test
	void quoteMustBeClosed() {
		assertThatIllegalArgumentException().isThrownBy(() -> ArgumentText.split("-Da=\"b c"));
	}

	@Test
	void whatIsNoOptionIsFound() {
		assertThat(ArgumentText.firstThatIsNoOption(List.of("-Xmx1g", "--add-opens", "java.base/x=y"))).isEmpty();
		assertThat(ArgumentText.firstThatIsNoOption(List.of("-Da=hello", "world"))).isEqualTo("world");
		assertThat(ArgumentText.firstThatIsNoOption(List.of("Xmx1g"))).isEqualTo("Xmx1g");
	}

}
