package io.github.bootcluster.actuate;

import java.time.Clock;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

import com.jayway.jsonpath.JsonPath;
import io.github.bootcluster.ClusterUnavailableException;
import io.github.bootcluster.RestartAbortedException;
import io.github.bootcluster.RestartInProgressException;
import io.github.bootcluster.RestartState;
import io.github.bootcluster.RestartStatus;
import org.junit.jupiter.api.Test;
import reactor.core.Disposable;
import reactor.core.publisher.Mono;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.boot.actuate.endpoint.InvalidEndpointRequestException;
import org.springframework.boot.actuate.endpoint.OperationResponseBody;
import org.springframework.boot.actuate.endpoint.web.WebEndpointResponse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

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
				FakeCluster.FORKED_AT.plusSeconds(5), "Worker 5 exited", List.of("one", "two"));
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
		Answer answer = answer(this.endpoint.worker(4));
		assertThat(answer.status()).isEqualTo(200);
		assertThat(answer.<Integer>read("$.slot")).isEqualTo(2);
	}

	@Test
	void anUnknownWorkerIsNotFound() {
		Answer answer = answer(this.endpoint.worker(5));
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
	void whoeverWaitsIsToldThatTheRestartIsComplete() {
		this.cluster.ended = CompletableFuture.completedFuture(new RestartStatus("r1", RestartState.COMPLETED, 3, 2, 2,
				FakeCluster.FORKED_AT, FakeCluster.FORKED_AT.plusSeconds(5), null, List.of()));
		Answer answer = answer(waiting("true"));
		assertThat(answer.status()).isEqualTo(200);
		assertThat(answer.<String>read("$.state")).isEqualTo("COMPLETED");
	}

	@Test
	void whoeverWaitsIsToldWhyTheRestartWasAborted() {
		this.cluster.ended = CompletableFuture.completedFuture(new RestartStatus("r1", RestartState.ABORTED, 3, 0, 2,
				FakeCluster.FORKED_AT, FakeCluster.FORKED_AT.plusSeconds(5), "worker 3 hangs", List.of("last")));
		Answer answer = answer(waiting("true"));
		assertThat(answer.status()).isEqualTo(500);
		assertThat(answer.<String>read("$.state")).isEqualTo("ABORTED");
		assertThat(answer.<String>read("$.reason")).isEqualTo("worker 3 hangs");
		assertThat(answer.<List<String>>read("$.lastLines")).containsExactly("last");
	}

	@Test
	void whoeverWaitsForASecondRestartIsRefusedAtOnce() {
		this.cluster.ended = CompletableFuture.failedFuture(new RestartInProgressException("r7"));
		Answer answer = answer(waiting("true"));
		assertThat(answer.status()).isEqualTo(409);
		assertThat(answer.<String>read("$.id")).isEqualTo("r7");
	}

	@Test
	void anApplicationThatCannotBeCopiedIsAnErrorWithItsReason() {
		this.cluster.accepted = CompletableFuture
			.failedFuture(new RestartAbortedException(new RestartStatus("r1", RestartState.ABORTED, 3, 0, 2,
					FakeCluster.FORKED_AT, FakeCluster.FORKED_AT.plusSeconds(5), "it is being written", List.of())));
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
		assertThat(answer(this.endpoint.worker(3)).status()).isEqualTo(503);
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

	@Test
	void whatIsNeitherTrueNorFalseIsRefused() {
		assertThatExceptionOfType(InvalidEndpointRequestException.class).isThrownBy(() -> answer(waiting("maybe")))
			.satisfies((ex) -> assertThat(ex.getReason()).isEqualTo("'wait' must be true or false"));
		assertThat(this.cluster.restarts()).isZero();
	}

	private Mono<WebEndpointResponse<OperationResponseBody>> waiting(String wait) {
		return this.endpoint.operate("restart").contextWrite(OperationArguments.of(Map.of("wait", wait)));
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
