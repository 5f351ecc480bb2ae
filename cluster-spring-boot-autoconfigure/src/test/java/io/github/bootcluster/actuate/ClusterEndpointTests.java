package io.github.bootcluster.actuate;

import java.time.Clock;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

import com.jayway.jsonpath.JsonPath;
import io.github.bootcluster.ClusterUnavailableException;
import io.github.bootcluster.ClusterWorker;
import io.github.bootcluster.ExitKind;
import io.github.bootcluster.RestartAbortedException;
import io.github.bootcluster.RestartInProgressException;
import io.github.bootcluster.RestartState;
import io.github.bootcluster.RestartStatus;
import io.github.bootcluster.ScaleRefusedException;
import io.github.bootcluster.SettingChange;
import io.github.bootcluster.SignalRefusedException;
import io.github.bootcluster.SlotStatus;
import io.github.bootcluster.UnknownGroupException;
import io.github.bootcluster.UnknownWorkerException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.Disposable;
import reactor.core.publisher.Mono;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.boot.actuate.endpoint.OperationResponseBody;
import org.springframework.boot.actuate.endpoint.web.WebEndpointResponse;

import static org.assertj.core.api.Assertions.assertThat;

class ClusterEndpointTests {

	private final FakeCluster cluster = new FakeCluster();

	private final ClusterEndpoint endpoint = new ClusterEndpoint(this.cluster,
			Clock.fixed(FakeCluster.FORKED_AT.plusMillis(83_250), ZoneOffset.UTC));

	@Test
	void theClusterIsShownWithItsWorkers() {
		Answer answer = answer(this.endpoint.cluster());
		assertThat(answer.status()).isEqualTo(200);
		assertThat(answer.<Integer>read("$.master.pid")).isEqualTo(4242);
		assertThat(answer.<Integer>read("$.generation")).isEqualTo(2);
		assertThat(answer.<Integer>read("$.wanted")).isEqualTo(2);
		assertThat(answer.<Integer>read("$.moved")).isEqualTo(5);
		assertThat(answer.<List<Integer>>read("$.workers[*].id")).containsExactly(3, 4);
		assertThat(answer.<List<Integer>>read("$.workers[*].slot")).containsExactly(1, 2);
		assertThat(answer.<List<Integer>>read("$.workers[*].pid")).containsExactly(4711, 4712);
		assertThat(answer.<List<Integer>>read("$.workers[*].generation")).containsExactly(2, 1);
		assertThat(answer.<List<String>>read("$.workers[*].state")).containsExactly("READY", "DRAINING");
		assertThat(answer.<String>read("$.workers[0].uptime")).isEqualTo("PT1M23.25S");
		assertThat(answer.<String>read("$.workers[0].forkedAt")).isEqualTo("2026-01-01T00:00:00Z");
		assertThat(answer.<Object>read("$.restart")).isNull();
	}

	@Test
	void anAbortedRestartIsShownWithWhatTheFailedWorkerSaid() {
		this.cluster.restart = new RestartStatus("r0", RestartState.ABORTED, 2, 1, 2, FakeCluster.FORKED_AT,
				FakeCluster.FORKED_AT.plusSeconds(5), "Worker 5 exited", List.of("one", "two"), List.of());
		Answer answer = answer(this.endpoint.cluster());
		assertThat(answer.<String>read("$.restart.id")).isEqualTo("r0");
		assertThat(answer.<String>read("$.restart.state")).isEqualTo("ABORTED");
		assertThat(answer.<Integer>read("$.restart.replaced")).isEqualTo(1);
		assertThat(answer.<Integer>read("$.restart.total")).isEqualTo(2);
		assertThat(answer.<String>read("$.restart.endedAt")).isEqualTo("2026-01-01T00:00:05Z");
		assertThat(answer.<String>read("$.restart.reason")).isEqualTo("Worker 5 exited");
		assertThat(answer.<List<String>>read("$.restart.lastLines")).containsExactly("one", "two");
	}

	@Test
	void oneWorkerIsShownByItsId() {
		Answer answer = answer(this.endpoint.worker("4"));
		assertThat(answer.status()).isEqualTo(200);
		assertThat(answer.<Integer>read("$.slot")).isEqualTo(2);
	}

	@Test
	void anUnknownWorkerIsNotFound() {
		Answer answer = answer(this.endpoint.worker("5"));
		assertThat(answer.status()).isEqualTo(404);
		assertThat(answer.<String>read("$.message")).isEqualTo("There is no worker 5");
	}

	@Test
	void aRestartIsAcceptedWithItsId() {
		Answer answer = answer(this.endpoint.operate("restart"));
		assertThat(answer.status()).isEqualTo(202);
		assertThat(answer.<String>read("$.id")).isEqualTo("r1");
		assertThat(answer.<String>read("$.state")).isEqualTo("RUNNING");
		assertThat(answer.<Integer>read("$.total")).isEqualTo(2);
	}

	@Test
	void waitingRequestIsAnsweredThatTheRestartIsComplete() {
		this.cluster.ended = CompletableFuture.completedFuture(new RestartStatus("r1", RestartState.COMPLETED, 3, 2, 2,
				FakeCluster.FORKED_AT, FakeCluster.FORKED_AT.plusSeconds(5), null, List.of(), List.of()));
		Answer answer = answer(waiting("true"));
		assertThat(answer.status()).isEqualTo(200);
		assertThat(answer.<String>read("$.state")).isEqualTo("COMPLETED");
	}

	@Test
	void waitingRequestInAWorkerThatHasToLeaveIsAnsweredThatTheRestartGoesOn() {
		this.cluster.ended = CompletableFuture
			.completedFuture(new RestartStatus("r1", RestartState.RUNNING, 3, 1, 2, FakeCluster.FORKED_AT, null, null,
					List.of(), List.of(new SettingChange("cluster.distribution", "random", "ip-hash"))));
		Answer answer = answer(waiting("true"));
		assertThat(answer.status()).isEqualTo(202);
		assertThat(answer.<String>read("$.state")).isEqualTo("RUNNING");
		assertThat(answer.<String>read("$.pendingSettings[0].property")).isEqualTo("cluster.distribution");
		assertThat(answer.<String>read("$.pendingSettings[0].from")).isEqualTo("random");
		assertThat(answer.<String>read("$.pendingSettings[0].to")).isEqualTo("ip-hash");
	}

	@Test
	void waitingRequestIsAnsweredWhyTheRestartWasAborted() {
		this.cluster.ended = CompletableFuture
			.completedFuture(new RestartStatus("r1", RestartState.ABORTED, 3, 0, 2, FakeCluster.FORKED_AT,
					FakeCluster.FORKED_AT.plusSeconds(5), "worker 3 hangs", List.of("last"), List.of()));
		Answer answer = answer(waiting("true"));
		assertThat(answer.status()).isEqualTo(500);
		assertThat(answer.<String>read("$.state")).isEqualTo("ABORTED");
		assertThat(answer.<String>read("$.reason")).isEqualTo("worker 3 hangs");
		assertThat(answer.<List<String>>read("$.lastLines")).containsExactly("last");
	}

	@Test
	void waitingRequestForASecondRestartIsRefusedAtOnce() {
		this.cluster.ended = CompletableFuture.failedFuture(new RestartInProgressException("r7"));
		Answer answer = answer(waiting("true"));
		assertThat(answer.status()).isEqualTo(409);
		assertThat(answer.<String>read("$.id")).isEqualTo("r7");
	}

	@Test
	void anApplicationThatCannotBeCopiedIsAnErrorWithItsReason() {
		this.cluster.accepted = CompletableFuture.failedFuture(new RestartAbortedException(
				new RestartStatus("r1", RestartState.ABORTED, 3, 0, 2, FakeCluster.FORKED_AT,
						FakeCluster.FORKED_AT.plusSeconds(5), "it is being written", List.of(), List.of())));
		Answer answer = answer(this.endpoint.operate("restart"));
		assertThat(answer.status()).isEqualTo(500);
		assertThat(answer.<String>read("$.id")).isEqualTo("r1");
		assertThat(answer.<String>read("$.message")).isEqualTo("Rolling restart 'r1' is aborted: it is being written");
	}

	@Test
	void aSecondRestartConflictsAndNamesTheRunningOne() {
		this.cluster.accepted = CompletableFuture.failedFuture(new RestartInProgressException("r7"));
		Answer answer = answer(this.endpoint.operate("restart"));
		assertThat(answer.status()).isEqualTo(409);
		assertThat(answer.<String>read("$.id")).isEqualTo("r7");
		assertThat(answer.<String>read("$.message")).isEqualTo("Rolling restart 'r7' is still running");
	}

	@Test
	void withNoMasterTheServiceIsUnavailable() {
		this.cluster.available = false;
		this.cluster.accepted = CompletableFuture.failedFuture(new ClusterUnavailableException("The master has gone"));
		assertThat(answer(this.endpoint.cluster()).status()).isEqualTo(503);
		assertThat(answer(this.endpoint.worker("3")).status()).isEqualTo(503);
		Answer answer = answer(this.endpoint.operate("restart"));
		assertThat(answer.status()).isEqualTo(503);
		assertThat(answer.<String>read("$.message")).isEqualTo("The master has gone");
	}

	@Test
	void anUnknownOperationIsNotFoundAndTheKnownOneIsNamed() {
		Answer answer = answer(this.endpoint.operate("foo"));
		assertThat(answer.status()).isEqualTo(404);
		assertThat(answer.<String>read("$.message")).contains("'foo'").contains("'restart'");
		assertThat(this.cluster.restarts()).isZero();
	}

	@Test
	void workersAreShownWithTheirFigures() {
		Answer answer = answer(this.endpoint.cluster());
		assertThat(answer.<Integer>read("$.workers[0].requests")).isEqualTo(90);
		assertThat(answer.<Integer>read("$.workers[0].errors")).isEqualTo(3);
		assertThat(answer.<Integer>read("$.workers[0].connections")).isEqualTo(7);
		assertThat(answer.<Integer>read("$.workers[0].memory")).isEqualTo(4096);
		assertThat(answer.<Object>read("$.workers[1].requests")).isNull();
	}

	@Test
	void slotsAreShownWithTheirLastExit() {
		this.cluster.slots = List.of(new SlotStatus(ClusterWorker.DEFAULT_GROUP, 1, true, 10,
				new SlotStatus.LastExit(7, ExitKind.CRASH, false, "crashed", "/hs_err", FakeCluster.FORKED_AT)));
		Answer answer = answer(this.endpoint.cluster());
		assertThat(answer.<Boolean>read("$.slots[0].givenUp")).isTrue();
		assertThat(answer.<Integer>read("$.slots[0].earlyDeaths")).isEqualTo(10);
		assertThat(answer.<Integer>read("$.slots[0].lastExit.worker")).isEqualTo(7);
		assertThat(answer.<String>read("$.slots[0].lastExit.kind")).isEqualTo("CRASH");
		assertThat(answer.<String>read("$.slots[0].lastExit.crashReport")).isEqualTo("/hs_err");
		assertThat(answer.<String>read("$.slots[0].lastExit.at")).isEqualTo("2026-01-01T00:00:00Z");
	}

	@Test
	void scalingIsAcceptedWithTheNumberNowAndBefore() {
		Answer answer = answer(this.endpoint.operate("scale", " 6 "));
		assertThat(answer.status()).isEqualTo(202);
		assertThat(answer.<Integer>read("$.workers")).isEqualTo(6);
		assertThat(answer.<Integer>read("$.previous")).isEqualTo(2);
		assertThat(this.cluster.scales).containsExactly(6);
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "six", "2.5", "99999999999" })
	void whatIsNoNumberIsRefusedWithWhatIsAllowed(String workers) {
		Answer answer = answer(this.endpoint.operate("scale", workers));
		assertThat(answer.status()).isEqualTo(400);
		assertThat(answer.<String>read("$.message"))
			.isEqualTo("workers is '" + workers + "', allowed is a whole number from 1 to 1024");
		assertThat(this.cluster.scales).isEmpty();
	}

	@Test
	void missingNumberIsAskedFor() {
		Answer answer = answer(this.endpoint.operate("scale"));
		assertThat(answer.status()).isEqualTo(400);
		assertThat(answer.<String>read("$.message")).startsWith("workers is missing").contains("JSON body");
	}

	@Test
	void groupIsRestartedAndScaledByItsName() {
		assertThat(answer(with(this.endpoint.operate("restart"), Map.of("group", "jobs"))).status()).isEqualTo(202);
		assertThat(answer(with(this.endpoint.operate("restart"), Map.of("group", "mail", "wait", "true"))).status())
			.isEqualTo(200);
		assertThat(this.cluster.restarts()).as("of all groups").isZero();
		assertThat(answer(with(this.endpoint.operate("scale", "3"), Map.of("group", "queue"))).status()).isEqualTo(202);
		assertThat(this.cluster.groups).containsExactly("jobs", "mail", "queue");
		assertThat(this.cluster.scales).containsExactly(3);
	}

	@Test
	void unknownGroupIsNotFoundAndTheKnownOnesAreNamed() {
		UnknownGroupException unknown = new UnknownGroupException("jobz", List.of("default", "jobs"));
		this.cluster.accepted = CompletableFuture.failedFuture(unknown);
		this.cluster.scaled = CompletableFuture.failedFuture(unknown);
		for (Answer answer : List.of(answer(with(this.endpoint.operate("restart"), Map.of("group", "jobz"))),
				answer(with(this.endpoint.operate("scale", "3"), Map.of("group", "jobz"))))) {
			assertThat(answer.status()).isEqualTo(404);
			assertThat(answer.<String>read("$.message"))
				.isEqualTo("There is no group 'jobz' of workers, only default, jobs");
		}
	}

	@Test
	void workersAndSlotsAreShownWithTheirGroup() {
		this.cluster.slots = List.of(new SlotStatus("jobs", 1, false, 0, null));
		Answer answer = answer(this.endpoint.cluster());
		assertThat(answer.<String>read("$.workers[0].group")).isEqualTo("default");
		assertThat(answer.<String>read("$.slots[0].group")).isEqualTo("jobs");
		assertThat(answer(this.endpoint.worker("3")).<String>read("$.group")).isEqualTo("default");
	}

	@Test
	void longNonsenseIsNotRepeated() {
		Answer answer = answer(this.endpoint.operate("scale", "x".repeat(5000)));
		assertThat(answer.<String>read("$.message")).hasSizeLessThan(120);
		assertThat(new UnknownGroupException("x".repeat(5000), List.of("default")).getMessage()).hasSizeLessThan(120);
	}

	@Test
	void numberThatTheMasterRefusesIsABadRequest() {
		this.cluster.scaled = CompletableFuture
			.failedFuture(new ScaleRefusedException("workers is 0, allowed is more"));
		Answer answer = answer(this.endpoint.operate("scale", "0"));
		assertThat(answer.status()).isEqualTo(400);
		assertThat(answer.<String>read("$.message")).isEqualTo("workers is 0, allowed is more");
	}

	@Test
	void scalingWithoutAMasterIsUnavailable() {
		this.cluster.scaled = CompletableFuture.failedFuture(new ClusterUnavailableException("starting"));
		assertThat(answer(this.endpoint.operate("scale", "3")).status()).isEqualTo(503);
	}

	@Test
	void oneWorkerIsReplacedDisconnectedOrKilled() {
		for (String operation : List.of("restart", "disconnect", "kill")) {
			Answer answer = answer(this.endpoint.operateWorker("3", operation));
			assertThat(answer.status()).isEqualTo(202);
			assertThat(answer.<Integer>read("$.id")).isEqualTo(3);
		}
		answer(with(this.endpoint.operateWorker("3", "kill"), Map.of("signal", "USR1")));
		assertThat(this.cluster.asked).containsExactly("replace 3", "disconnect 3", "kill 3 by TERM", "kill 3 by USR1");
	}

	@ParameterizedTest
	@CsvSource({ "abc,kill,400,whole number", "9,kill,404,There is no worker 9",
			"3,explode,404,There is no operation 'explode' on a worker" })
	void whatIsNoOperationOnAWorkerIsToldApart(String id, String operation, int status, String sentence) {
		Answer answer = answer(this.endpoint.operateWorker(id, operation));
		assertThat(answer.status()).isEqualTo(status);
		assertThat(answer.<String>read("$.message")).contains(sentence);
		assertThat(this.cluster.asked).isEmpty();
	}

	@Test
	void whatTheMasterRefusesOfAWorkerIsToldWithItsReason() {
		this.cluster.replaced = CompletableFuture.failedFuture(new UnknownWorkerException(3, List.of(5)));
		assertThat(answer(this.endpoint.operateWorker("3", "restart")).status()).isEqualTo(404);
		this.cluster.killed = CompletableFuture.failedFuture(new SignalRefusedException("FOO", "allowed are TERM"));
		Answer refused = answer(this.endpoint.operateWorker("3", "kill"));
		assertThat(refused.status()).isEqualTo(400);
		assertThat(refused.<String>read("$.message")).contains("FOO", "allowed are TERM");
		this.cluster.available = false;
		assertThat(answer(this.endpoint.operateWorker("3", "restart")).status()).isEqualTo(503);
	}

	@Test
	void workerThatIsForkedIsShownOnceItIsReady() {
		Answer answer = answer(this.endpoint.operate("fork"));
		assertThat(answer.status()).isEqualTo(200);
		assertThat(answer.<Integer>read("$.id")).isEqualTo(3);
	}

	@Test
	void shutdownIsAnsweredOnceTheMasterHasBegun() {
		Answer answer = answer(this.endpoint.operate("shutdown"));
		assertThat(answer.status()).isEqualTo(202);
		assertThat(answer.<Integer>read("$.workers")).isEqualTo(2);
		assertThat(this.cluster.shutdowns()).isOne();
	}

	@Test
	void shutdownWithoutAMasterIsUnavailable() {
		this.cluster.ending = CompletableFuture.failedFuture(new ClusterUnavailableException("starting"));
		assertThat(answer(this.endpoint.operate("shutdown")).status()).isEqualTo(503);
		this.cluster.available = false;
		assertThat(answer(this.endpoint.operate("shutdown")).status()).isEqualTo(503);
	}

	@Test
	void nothingHappensBeforeSomebodySubscribes() {
		this.endpoint.operate("restart");
		assertThat(this.cluster.restarts()).isZero();
	}

	@Test
	void theThreadThatAsksIsNotBlockedAndHangingUpCancelsNothing() {
		this.cluster.accepted = new CompletableFuture<>();
		Disposable waiting = this.endpoint.operate("restart").subscribe();
		assertThat(this.cluster.restarts()).isOne();
		waiting.dispose();
		assertThat(this.cluster.accepted).isNotCancelled();
	}

	@ParameterizedTest
	@ValueSource(strings = { "maybe", "", "1", "[true, false]" })
	void whatIsNeitherTrueNorFalseIsRefused(String wait) {
		Answer answer = answer(waiting(wait));
		assertThat(answer.status()).isEqualTo(400);
		assertThat(answer.<String>read("$.message")).isEqualTo("wait is '" + wait + "', allowed is true or false");
		assertThat(this.cluster.restarts()).isZero();
	}

	@ParameterizedTest
	@CsvSource({ "TRUE,200", "True,200", "FALSE,202", "false,202" })
	void theCaseOfTrueAndFalseDoesNotMatter(String wait, int status) {
		assertThat(answer(waiting(wait)).status()).isEqualTo(status);
	}

	@ParameterizedTest
	@CsvSource({ "abc,400,whole number", "3.5,400,whole number", "restart,400,begun by POST", "'',400,whole number",
			"-3,404,There is no worker -3", "99999999999,404,There is no worker 99999999999" })
	void whatIsNoIdOfAWorkerIsToldApart(String id, int status, String sentence) {
		Answer answer = answer(this.endpoint.worker(id));
		assertThat(answer.status()).isEqualTo(status);
		assertThat(answer.<String>read("$.message")).contains(sentence);
	}

	@Test
	void aGroupThatCannotBeWrittenIsStillAskedFor() {
		assertThat(answer(with(this.endpoint.operate("scale", "3"), Map.of("group", "\ud800"))).status())
			.isEqualTo(202);
		assertThat(this.cluster.groups).containsExactly("?");
	}

	private Mono<WebEndpointResponse<OperationResponseBody>> waiting(String wait) {
		return with(this.endpoint.operate("restart"), Map.of("wait", wait));
	}

	private static Mono<WebEndpointResponse<OperationResponseBody>> with(
			Mono<WebEndpointResponse<OperationResponseBody>> operation, Map<String, Object> arguments) {
		return operation.contextWrite(OperationArguments.of(arguments));
	}

	private Answer answer(Mono<WebEndpointResponse<OperationResponseBody>> operation) {
		WebEndpointResponse<OperationResponseBody> response = operation.blockOptional(Duration.ofSeconds(5))
			.orElseThrow();
		return new Answer(response.getStatus(), JsonMapper.shared().writeValueAsString(response.getBody()));
	}

	record Answer(int status, String body) {

		<T> T read(String path) {
			return JsonPath.read(this.body, path);
		}

	}

}
