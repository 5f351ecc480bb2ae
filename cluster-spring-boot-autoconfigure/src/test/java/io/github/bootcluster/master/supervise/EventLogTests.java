package io.github.bootcluster.master.supervise;

import java.time.Duration;
import java.time.Instant;
import java.util.List;

import io.github.bootcluster.ClusterFigures;
import io.github.bootcluster.ClusterStatus;
import io.github.bootcluster.ClusterWorker;
import io.github.bootcluster.ExitKind;
import io.github.bootcluster.ListenerKind;
import io.github.bootcluster.RestartState;
import io.github.bootcluster.RestartStatus;
import io.github.bootcluster.WorkerExit;
import io.github.bootcluster.WorkerState;
import io.github.bootcluster.event.ClusterEvent;
import io.github.bootcluster.event.ClusterStartedEvent;
import io.github.bootcluster.event.RollingRestartAbortedEvent;
import io.github.bootcluster.event.RollingRestartCompletedEvent;
import io.github.bootcluster.event.RollingRestartProgressedEvent;
import io.github.bootcluster.event.RollingRestartStartedEvent;
import io.github.bootcluster.event.WorkerDisconnectedEvent;
import io.github.bootcluster.event.WorkerExitedEvent;
import io.github.bootcluster.event.WorkerForkedEvent;
import io.github.bootcluster.event.WorkerListeningEvent;
import io.github.bootcluster.event.WorkerOnlineEvent;
import io.github.bootcluster.event.WorkerReadyEvent;
import io.github.bootcluster.event.WorkerRespawnSuppressedEvent;
import io.github.bootcluster.event.WorkerUnresponsiveEvent;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import static org.assertj.core.api.Assertions.assertThat;

@ExtendWith(OutputCaptureExtension.class)
class EventLogTests {

	private static final Instant NOW = Instant.parse("2026-01-02T03:04:05Z");

	private static final ClusterWorker WORKER = new ClusterWorker(5, ClusterWorker.DEFAULT_GROUP, 2, 4711,
			WorkerState.READY, 3, NOW, NOW.plusMillis(3400), null, null);

	private static final String NAME = "Worker 5 (slot 2, pid 4711, generation 3) ";

	private static final String PAIRS = " worker=5 slot=2 pid=4711 generation=3";

	@Test
	void lifeOfAWorkerIsOneLineForEachEvent(CapturedOutput output) {
		assertLine(output, new WorkerForkedEvent(WORKER), "INFO", NAME + "was forked; event=forked" + PAIRS);
		assertLine(output, new WorkerOnlineEvent(WORKER), "INFO", NAME + "is online; event=online" + PAIRS);
		assertLine(output, new WorkerListeningEvent(WORKER, "::1", 8080, ListenerKind.HANDOFF), "INFO",
				NAME + "listens on ::1 port 8080; event=listening" + PAIRS + " address=::1 port=8080 kind=HANDOFF");
		assertLine(output, new WorkerListeningEvent(WORKER, "/run/app.sock", -1, ListenerKind.HANDOFF), "INFO", NAME
				+ "listens on /run/app.sock; event=listening" + PAIRS + " address=/run/app.sock port=-1 kind=HANDOFF");
		assertLine(output, new WorkerReadyEvent(WORKER), "INFO",
				NAME + "is ready after 3.4 s; event=ready" + PAIRS + " millis=3400");
		assertLine(output, new WorkerDisconnectedEvent(WORKER), "INFO",
				NAME + "is disconnected; event=disconnected" + PAIRS);
	}

	@Test
	void exitTellsItsKind(CapturedOutput output) {
		assertLine(output, exit(ExitKind.VOLUNTARY, 0, null, true, "exited with code 0 (shutdown)", null), "INFO",
				NAME + "exited with code 0 (shutdown); event=exited" + PAIRS + " kind=VOLUNTARY code=0 voluntary=true");
		assertLine(output, exit(ExitKind.SIGNAL, 137, 9, false, "was ended by signal 9 (KILL)", null), "WARN",
				NAME + "was ended by signal 9 (KILL); event=exited" + PAIRS
						+ " kind=SIGNAL code=137 signal=9 voluntary=false");
		assertLine(output, exit(ExitKind.CRASH, 134, 6, true, "crashed", "/tmp/hs err.log"), "WARN",
				NAME + "crashed; event=exited" + PAIRS
						+ " kind=CRASH code=134 signal=6 report=\"/tmp/hs err.log\" voluntary=true");
	}

	private static WorkerExitedEvent exit(ExitKind kind, int code, @Nullable Integer signal, boolean voluntary,
			String reason, @Nullable String report) {
		return new WorkerExitedEvent(WORKER, new WorkerExit(kind, code, signal, voluntary, reason, report, List.of()));
	}

	@Test
	void workerThatHangsAndSlotThatIsGivenUpAreErrors(CapturedOutput output) {
		assertLine(output, new WorkerUnresponsiveEvent(WORKER, Duration.ofMillis(30_500), "dump\nof threads"), "ERROR",
				NAME + "hangs and is replaced: not all of its event loops have answered for 30500 ms, "
						+ "its thread dump is in its log; event=unresponsive" + PAIRS + " millis=30500 dumped=true");
		assertLine(output, new WorkerRespawnSuppressedEvent(WORKER, 10), "ERROR",
				"Slot 2 is given up after 10 workers in a row died early; a rolling restart takes it up again; "
						+ "event=suppressed" + PAIRS + " attempts=10");
	}

	@Test
	void rollingRestartIsOneLineForEachStep(CapturedOutput output) {
		assertLine(output, new RollingRestartStartedEvent(restart(0, null)), "INFO",
				"Starting rolling restart r1 to generation 4; event=restart-started restart=r1 generation=4 replaced=0 total=2");
		assertLine(output, new RollingRestartProgressedEvent(restart(1, null)), "INFO",
				"Rolling restart r1 has replaced 1 of 2 workers; event=restart-progressed restart=r1 generation=4 replaced=1 total=2");
		assertLine(output, new RollingRestartCompletedEvent(restart(2, null)), "INFO",
				"Rolling restart r1 completed: generation 4 serves; event=restart-completed restart=r1 generation=4 replaced=2 total=2");
		assertLine(output, new RollingRestartAbortedEvent(restart(1, "worker 6 exited with code 1")), "ERROR",
				"Rolling restart r1 is aborted: worker 6 exited with code 1; "
						+ "event=restart-aborted restart=r1 generation=4 replaced=1 total=2");
	}

	private static RestartStatus restart(int replaced, @Nullable String reason) {
		return new RestartStatus("r1", RestartState.RUNNING, 4, replaced, 2, NOW, null, reason, List.of(), List.of());
	}

	@Test
	void startTellsTheWantedNumberOfWorkers(CapturedOutput output) {
		assertLine(output,
				new ClusterStartedEvent(new ClusterStatus(99, 1, 2, ClusterFigures.NONE, List.of(), List.of(), null)),
				"INFO", "Starting cluster with 2 workers; event=started pid=99 workers=2");
	}

	@Test
	void valueThatIsNotOneWordIsQuoted() {
		assertThat(new EventPairs("e").add("a", "x y").add("b", "").add("c", "\"\\\n").add("d", "x=y").toString())
			.isEqualTo("event=e a=\"x y\" b=\"\" c=\"\\\"\\\\\\n\" d=\"x=y\"");
	}

	private static void assertLine(CapturedOutput output, ClusterEvent event, String level, String message) {
		int before = output.toString().length();
		EventLog.write(event);
		assertThat(output.toString().substring(before).lines()).singleElement()
			.asString()
			.contains(" " + level + " ")
			.endsWith("EventLog -- " + message);
	}

}
