package io.github.bootcluster.master.supervise;

import java.util.List;

import io.github.bootcluster.ExitKind;
import io.github.bootcluster.WorkerExit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;

class WorkerExitsTests {

	private static final List<String> CRASH = List.of("#",
			"# A fatal error has been detected by the Java Runtime Environment:",
			"# An error report file with more information is saved as:", "# /tmp/hs_err_pid 7.log", "#");

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
		WorkerExit exit = describe(143, new Departure(Departure.Kind.FAULTY, "it was late"), List.of());
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

	@ParameterizedTest(name = "{0}")
	@MethodSource
	void kindIsToldByAllThatIsKnown(ExitKind kind, int exitCode, @Nullable Departure departure, boolean wasReady,
			boolean killedForMemory, List<String> lastLines) {
		WorkerExit exit = WorkerExits.describe(exitCode, departure, wasReady, lastLines, () -> killedForMemory);
		assertThat(exit.kind()).isEqualTo(kind);
		assertThat(exit.voluntary()).isEqualTo(departure != null && departure.isVoluntary());
	}

	static List<Arguments> kindIsToldByAllThatIsKnown() {
		List<String> none = List.of();
		List<String> heap = List.of("Terminating due to java.lang.OutOfMemoryError: Java heap space");
		List<String> nativeMemory = List
			.of("# There is insufficient memory for the Java Runtime Environment to continue.");
		Departure requested = new Departure(Departure.Kind.REQUESTED, "shutdown");
		Departure ended = new Departure(Departure.Kind.FAULTY, "it was late");
		Departure hung = new Departure(Departure.Kind.HUNG, "silent");
		Departure lost = new Departure(Departure.Kind.LOST, "lost");
		Departure own = new Departure(Departure.Kind.OWN, "signal");
		return List.of(Arguments.of(ExitKind.VOLUNTARY, 0, requested, true, false, none),
				Arguments.of(ExitKind.VOLUNTARY, 143, requested, false, false, none),
				Arguments.of(ExitKind.VOLUNTARY, 137, requested, true, false, none),
				Arguments.of(ExitKind.EXIT_CODE, 1, null, false, false, none),
				Arguments.of(ExitKind.EXIT_CODE, 0, lost, true, false, none),
				Arguments.of(ExitKind.EXIT_CODE, 3, null, true, false, none),
				Arguments.of(ExitKind.EXIT_CODE, 1, null, true, false, heap),
				Arguments.of(ExitKind.EXIT_CODE, 0, null, true, false, CRASH),
				Arguments.of(ExitKind.SIGNAL, 137, lost, true, false, none),
				Arguments.of(ExitKind.SIGNAL, 143, own, true, false, none),
				Arguments.of(ExitKind.SIGNAL, 143, ended, true, false, none),
				Arguments.of(ExitKind.SIGNAL, 134, null, true, true, none),
				Arguments.of(ExitKind.OUT_OF_MEMORY, 137, lost, true, true, none),
				Arguments.of(ExitKind.OUT_OF_MEMORY, 137, requested, true, true, none),
				Arguments.of(ExitKind.OUT_OF_MEMORY, 3, null, true, false, heap),
				Arguments.of(ExitKind.OUT_OF_MEMORY, 1, null, false, false, nativeMemory),
				Arguments.of(ExitKind.CRASH, 134, null, true, false, CRASH),
				Arguments.of(ExitKind.CRASH, 1, lost, false, false, CRASH),
				Arguments.of(ExitKind.CRASH, 134, requested, true, false, CRASH),
				Arguments.of(ExitKind.SIGNAL, 137, null, true, false, CRASH),
				Arguments.of(ExitKind.NEVER_READY, 143, ended, false, false, none),
				Arguments.of(ExitKind.NEVER_READY, 1, ended, false, false, none),
				Arguments.of(ExitKind.HUNG, 137, hung, true, false, none),
				Arguments.of(ExitKind.HUNG, 143, hung, true, false, none));
	}

	@Test
	void crashNamesItsReport() {
		WorkerExit exit = describe(134, null, CRASH);
		assertThat(exit.crashReport()).isEqualTo("/tmp/hs_err_pid 7.log");
		assertThat(exit.reason())
			.isEqualTo("crashed and was ended by signal 6 (ABRT), its report is /tmp/hs_err_pid 7.log");
		assertThat(exit.signal()).isEqualTo(6);
	}

	@Test
	void reportOfSomeOtherProcessIsNotTheWorkers() {
		assertThat(describe(0, null, CRASH).crashReport()).isNull();
	}

	@Test
	void crashWithoutAReportIsACrash() {
		WorkerExit exit = describe(134, null, CRASH.subList(0, 2));
		assertThat(exit.kind()).isEqualTo(ExitKind.CRASH);
		assertThat(exit.crashReport()).isNull();
		assertThat(describe(134, null, CRASH.subList(0, 3)).crashReport()).isNull();
	}

	@Test
	void wantOfMemoryIsToldInTheReason() {
		assertThat(WorkerExits.describe(137, null, true, List.of(), () -> true).reason())
			.isEqualTo("was ended by signal 9 (KILL), as the kernel had no memory left for it");
		assertThat(describe(3, null, List.of("java.lang.OutOfMemoryError: Java heap space")).reason())
			.isEqualTo("exited with code 3, as it had no memory left");
	}

	private static WorkerExit describe(int exitCode, @Nullable Departure departure, List<String> lastLines) {
		return WorkerExits.describe(exitCode, departure, true, lastLines, () -> false);
	}

}
