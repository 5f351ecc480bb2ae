package io.github.bootcluster.sample;

import java.nio.file.Path;
import java.util.Set;

import io.github.bootcluster.apps.ledger.LedgerApplication;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Promises about an application that says how available it is, and whose workers each
 * have a file that nobody else can have open.
 */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class LedgerApplicationIT {

	@TempDir
	private static Path folder;

	private static ClusterProcess process;

	@BeforeAll
	static void start() throws Exception {
		process = ClusterProcess.named("ledger")
			.workers(2)
			.directory(folder)
			.target(TestApplication.target(LedgerApplication.class))
			.args("--cluster.respawn.healthy-after=1ms")
			.startReady();
	}

	@AfterAll
	static void stop() throws Exception {
		if (process != null) {
			process.close();
		}
	}

	@Test
	@Order(1)
	void workerThatRefusesTrafficGetsNoNewConnectionUntilItAcceptsAgain() throws Exception {
		try (HttpConnection kept = process.connect()) {
			long victim = kept.exchange("POST", "/readiness/REFUSING_TRAFFIC").pid().orElseThrow();
			process.awaitLine("Worker .* pid %d.* refuses traffic, by its readiness state".formatted(victim));
			// The event loop that accepts may take this one before it is told
			process.get("/");
			for (int i = 0; i < 20; i++) {
				assertThat(process.get("/").pid().orElseThrow()).isNotEqualTo(victim);
			}
			assertThat(kept.exchange("POST", "/readiness/ACCEPTING_TRAFFIC").pid()).hasValue(victim);
			process.await("a connection to " + victim, () -> process.get("/").pid().orElseThrow() == victim);
		}
	}

	@Test
	@Order(2)
	void workerWhoseLivenessIsBrokenIsReplacedAsOneThatHangs() throws Exception {
		int mark = process.output().mark();
		long victim = process.post("/liveness/BROKEN").pid().orElseThrow();
		process.awaitLine(mark,
				"ERROR .* is broken, by its liveness state, and is replaced, its thread dump is in its log");
		process.awaitReplaced(Set.of(victim));
		process.awaitLine(mark, "WARN .* pid %d.* \\(its liveness state was BROKEN\\)".formatted(victim));
		assertThat(process.status().get("slots")).extracting((slot) -> slot.at("/lastExit/kind").asString())
			.contains("HUNG");
	}

}
