package io.github.bootcluster.master.supervise;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.TreeMap;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
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
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Promises on the lines that tell of events: a sentence, and fields for programs.
 */
class EventLogTests {

	private static final Instant NOW = Instant.parse("2026-01-02T03:04:05Z");

	private static final ClusterWorker WORKER = new ClusterWorker(5, ClusterWorker.DEFAULT_GROUP, 2, 4711,
			WorkerState.READY, 3, NOW, NOW.plusMillis(3400), null, null, null);

	private static final String NAME = "Worker 5 (slot 2, pid 4711, generation 3) ";

	private static final String FIELDS = " worker.generation=3 worker.group=default worker.id=5 worker.pid=4711 worker.slot=2";

	private final Logger logger = (Logger) LoggerFactory.getLogger(EventLog.class);

	private final ListAppender<ILoggingEvent> lines = new ListAppender<>();

	@BeforeEach
	void listen() {
		this.lines.start();
		this.logger.addAppender(this.lines);
	}

	@AfterEach
	void stop() {
		this.logger.detachAppender(this.lines);
	}

	@Test
	void lifeOfAWorkerIsOneLineForEachEvent() {
		assertLine(new WorkerForkedEvent(WORKER), "INFO", NAME + "was forked", "event=forked" + FIELDS);
		assertLine(new WorkerOnlineEvent(WORKER), "INFO", NAME + "is online", "event=online" + FIELDS);
		assertLine(new WorkerListeningEvent(WORKER, "::1", 8080, ListenerKind.HANDOFF), "INFO",
				NAME + "listens on ::1 port 8080",
				"event=listening listener.address=::1 listener.kind=HANDOFF listener.port=8080" + FIELDS);
		assertLine(new WorkerListeningEvent(WORKER, "/run/app.sock", -1, ListenerKind.HANDOFF), "INFO",
				NAME + "listens on /run/app.sock",
				"event=listening listener.address=/run/app.sock listener.kind=HANDOFF listener.port=-1" + FIELDS);
		assertLine(new WorkerReadyEvent(WORKER), "INFO", NAME + "is ready after 3.4 s",
				"event=ready worker.start-millis=3400" + FIELDS);
		assertLine(new WorkerDisconnectedEvent(WORKER), "INFO", NAME + "is disconnected",
				"event=disconnected" + FIELDS);
	}

	@Test
	void exitTellsItsKind() {
		assertLine(exit(ExitKind.VOLUNTARY, 0, null, true, "exited with code 0 (shutdown)", null), "INFO",
				NAME + "exited with code 0 (shutdown)",
				"event=exited exit.code=0 exit.kind=VOLUNTARY exit.voluntary=true" + FIELDS);
		assertLine(exit(ExitKind.SIGNAL, 137, 9, false, "was ended by signal 9 (KILL)", null), "WARN",
				NAME + "was ended by signal 9 (KILL)",
				"event=exited exit.code=137 exit.kind=SIGNAL exit.signal=9 exit.voluntary=false" + FIELDS);
		assertLine(exit(ExitKind.CRASH, 134, 6, true, "crashed", "/tmp/hs_err.log"), "WARN", NAME + "crashed",
				"event=exited exit.code=134 exit.crash-report=/tmp/hs_err.log exit.kind=CRASH exit.signal=6 exit.voluntary=true"
						+ FIELDS);
	}

	private static WorkerExitedEvent exit(ExitKind kind, int code, @Nullable Integer signal, boolean voluntary,
			String reason, @Nullable String report) {
		return new WorkerExitedEvent(WORKER, new WorkerExit(kind, code, signal, voluntary, reason, report, List.of()));
	}

	@Test
	void workerThatHangsAndSlotThatIsGivenUpAreErrors() {
		assertLine(new WorkerUnresponsiveEvent(WORKER, Duration.ofMillis(30_500), "dump\nof threads"), "ERROR",
				NAME + "hangs and is replaced: not all of its event loops have answered for 30500 ms, "
						+ "its thread dump is in its log",
				"event=unresponsive worker.dumped=true worker.silent-millis=30500" + FIELDS);
		assertLine(new WorkerRespawnSuppressedEvent(WORKER, 10), "ERROR",
				"Slot 2 is given up after 10 workers in a row died early; a rolling restart takes it up again",
				"event=suppressed worker.attempts=10" + FIELDS);
	}

	@Test
	void rollingRestartIsOneLineForEachStep() {
		assertLine(new RollingRestartStartedEvent(restart(0, null)), "INFO",
				"Starting rolling restart r1 to generation 4", restart("restart-started", 0));
		assertLine(new RollingRestartProgressedEvent(restart(1, null)), "INFO",
				"Rolling restart r1 has replaced 1 of 2 workers", restart("restart-progressed", 1));
		assertLine(new RollingRestartCompletedEvent(restart(2, null)), "INFO",
				"Rolling restart r1 completed: generation 4 serves", restart("restart-completed", 2));
		assertLine(new RollingRestartAbortedEvent(restart(1, "worker 6 exited with code 1")), "ERROR",
				"Rolling restart r1 is aborted: worker 6 exited with code 1", restart("restart-aborted", 1));
	}

	private static RestartStatus restart(int replaced, @Nullable String reason) {
		return new RestartStatus("r1", RestartState.RUNNING, 4, replaced, 2, NOW, null, reason, List.of(), List.of());
	}

	private static String restart(String event, int replaced) {
		return "event=%s restart.generation=4 restart.id=r1 restart.replaced=%d restart.total=2".formatted(event,
				replaced);
	}

	@Test
	void startTellsTheWantedNumberOfWorkers() {
		assertLine(
				new ClusterStartedEvent(new ClusterStatus(99, 1, 2, ClusterFigures.NONE, List.of(), List.of(), null)),
				"INFO", "Starting cluster with 2 workers using Java %s with PID 99"
					.formatted(System.getProperty("java.version")),
				"event=started master.pid=99 workers=2");
	}

	private void assertLine(ClusterEvent event, String level, String message, String fields) {
		this.lines.list.clear();
		EventLog.write(event);
		assertThat(this.lines.list).singleElement().satisfies((line) -> {
			assertThat(line.getLevel()).hasToString(level);
			assertThat(line.getFormattedMessage()).isEqualTo(message);
			TreeMap<String, Object> found = new TreeMap<>();
			line.getKeyValuePairs().forEach((pair) -> found.put(pair.key, pair.value));
			TreeMap<String, String> expected = new TreeMap<>();
			for (String field : fields.split(" ")) {
				expected.put("cluster." + field.substring(0, field.indexOf('=')),
						field.substring(field.indexOf('=') + 1));
			}
			assertThat(found).hasToString(expected.toString());
		});
	}

}
