package io.github.bootcluster.master;

import java.util.List;

import io.github.bootcluster.WorkerExit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class WorkerExitsTests {

	@Test
	void exitCodeIsNamed() {
		WorkerExit exit = describe(3, null, List.of("last words"));
		assertThat(exit.exitCode()).isEqualTo(3);
		assertThat(exit.signal()).isNull();
		assertThat(exit.voluntary()).isFalse();
		assertThat(exit.reason()).isEqualTo("exited with code 3");
		assertThat(exit.lastLines()).containsExactly("last words");
	}

	@Test
	void signalIsNamed() {
		WorkerExit exit = describe(137, null, List.of());
		assertThat(exit.signal()).isEqualTo(9);
		assertThat(exit.reason()).isEqualTo("was ended by signal 9 (KILL)");
	}

	@Test
	void signalWithoutAWellKnownNameIsStillASignal() {
		assertThat(describe(128 + 64, null, List.of()).reason()).isEqualTo("was ended by signal 64 (unknown)");
	}

	@Test
	void codesBeyondTheSignalsAreExitCodes() {
		assertThat(describe(128, null, List.of()).signal()).isNull();
		assertThat(describe(193, null, List.of()).signal()).isNull();
		assertThat(describe(255, null, List.of()).reason()).isEqualTo("exited with code 255");
	}

	@Test
	void exitThatTheMasterAskedForIsVoluntary() {
		WorkerExit exit = describe(0, new Departure(Departure.Kind.REQUESTED, "shutdown"), List.of());
		assertThat(exit.voluntary()).isTrue();
		assertThat(exit.reason()).isEqualTo("exited with code 0 (shutdown)");
	}

	@Test
	void exitOfACondemnedWorkerSaysWhatWasWrong() {
		WorkerExit exit = describe(143, new Departure(Departure.Kind.CONDEMNED, "it was late"), List.of());
		assertThat(exit.voluntary()).isFalse();
		assertThat(exit.reason()).isEqualTo("was ended by signal 15 (TERM) (it was late)");
	}

	@Test
	void lostConnectionThatEveryDeathBringsAlongIsNotMentioned() {
		WorkerExit exit = describe(1, new Departure(Departure.Kind.LOST, "lost"), List.of());
		assertThat(exit.voluntary()).isFalse();
		assertThat(exit.reason()).isEqualTo("exited with code 1");
	}

	@Test
	void exitThatSomebodyElseAskedForIsNotTheMasters() {
		assertThat(describe(143, new Departure(Departure.Kind.OWN, "signal"), List.of()).voluntary()).isFalse();
	}

	private static WorkerExit describe(int exitCode, @Nullable Departure departure, List<String> lastLines) {
		return WorkerExits.describe(exitCode, departure, true, lastLines, () -> false);
	}

}
