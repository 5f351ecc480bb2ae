package io.github.bootcluster.actuate;

import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import java.util.regex.Pattern;

import io.github.bootcluster.Cluster;
import io.github.bootcluster.ClusterUnavailableException;
import io.github.bootcluster.ClusterWorker;
import io.github.bootcluster.ForkFailedException;
import io.github.bootcluster.ForkRefusedException;
import io.github.bootcluster.RestartAbortedException;
import io.github.bootcluster.RestartInProgressException;
import io.github.bootcluster.RestartState;
import io.github.bootcluster.RestartStatus;
import io.github.bootcluster.RollingRestart;
import io.github.bootcluster.ScaleRefusedException;
import io.github.bootcluster.SignalRefusedException;
import io.github.bootcluster.UnknownGroupException;
import io.github.bootcluster.UnknownWorkerException;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

import org.springframework.boot.actuate.endpoint.OperationResponseBody;
import org.springframework.boot.actuate.endpoint.annotation.ReadOperation;
import org.springframework.boot.actuate.endpoint.annotation.Selector;
import org.springframework.boot.actuate.endpoint.annotation.WriteOperation;
import org.springframework.boot.actuate.endpoint.web.WebEndpointResponse;
import org.springframework.boot.actuate.endpoint.web.annotation.WebEndpoint;
import org.springframework.http.HttpStatus;

/**
 * Endpoint that shows the cluster and operates it, from whichever worker is asked. No
 * operation blocks the thread that asks for it.
 */
@WebEndpoint(id = ClusterEndpoint.ID)
public class ClusterEndpoint {

	static final String ID = "cluster";

	static final String SCALE = "scale";

	static final String SHUTDOWN = "shutdown";

	static final String FORK = "fork";

	static final String DISCONNECT = "disconnect";

	static final String KILL = "kill";

	private static final String RESTART = "restart";

	private static final String SIGNAL = "signal";

	private static final String DEFAULT_SIGNAL = "TERM";

	private static final Duration DISCONNECTING = Duration.ofSeconds(1);

	private static final Pattern WHOLE_NUMBER = Pattern.compile("-?\\d+");

	private static final String WAIT = "wait";

	private static final String GROUP = "group";

	private final Cluster cluster;

	private final Clock clock;

	/**
	 * Creates an endpoint.
	 * @param cluster the cluster to show and to operate
	 */
	public ClusterEndpoint(Cluster cluster) {
		this(cluster, Clock.systemUTC());
	}

	ClusterEndpoint(Cluster cluster, Clock clock) {
		this.cluster = cluster;
		this.clock = clock;
	}

	/**
	 * Shows the master, the workers, the slots and the running or else the last rolling
	 * restart.
	 * @return the response, {@code 503} while nothing is known of the master
	 */
	@ReadOperation
	public Mono<WebEndpointResponse<OperationResponseBody>> cluster() {
		return answer(() -> Mono
			.just(response(HttpStatus.OK, ClusterDescriptor.of(this.cluster.status(), this.clock.instant()))));
	}

	/**
	 * Shows one worker.
	 * @param id the worker's id
	 * @return the response, {@code 404} if there is no such worker, {@code 400} if it is
	 * no id
	 */
	@ReadOperation
	public Mono<WebEndpointResponse<OperationResponseBody>> worker(@Selector String id) {
		if (!WHOLE_NUMBER.matcher(id).matches()) {
			return Mono.just(noId(id));
		}
		return answer(() -> Mono.just(findWorker(id)
			.map((worker) -> response(HttpStatus.OK, WorkerDescriptor.of(worker, this.clock.instant())))
			.orElseGet(() -> noWorker(id))));
	}

	private Optional<ClusterWorker> findWorker(String id) {
		return this.cluster.status()
			.workers()
			.stream()
			.filter((worker) -> id.equals(String.valueOf(worker.id())))
			.findFirst();
	}

	private static WebEndpointResponse<OperationResponseBody> noId(String id) {
		return FailureDescriptor.response(HttpStatus.BAD_REQUEST,
				"The id of a worker is a whole number, not '%s'; an operation is begun by POST"
					.formatted(OperationArguments.echo(id)));
	}

	private static WebEndpointResponse<OperationResponseBody> noWorker(String id) {
		return FailureDescriptor.response(HttpStatus.NOT_FOUND,
				"There is no worker %s".formatted(OperationArguments.echo(id)));
	}

	/**
	 * Begins an operation on the whole cluster that needs no more than its name:
	 * {@code restart}, which is answered once the master has begun it or, with the
	 * request parameter {@code wait}, when it has ended, and {@code shutdown}, which is
	 * answered once the master is about to let all workers finish and to end itself. With
	 * the request parameter {@code group} a restart concerns only the workers of that
	 * group.
	 * @param operation the operation's name
	 * @return the response: {@code 202} with the operation's id and state, {@code 200} if
	 * the caller waited and all went well, {@code 500} if it was aborted, {@code 409}
	 * with the id of the restart that runs already, {@code 503} if there is no master to
	 * ask, {@code 404} if there is no such operation or group, {@code 400} if
	 * {@code wait} is neither true nor false
	 */
	@WriteOperation
	public Mono<WebEndpointResponse<OperationResponseBody>> operate(@Selector String operation) {
		return operate(operation, null);
	}

	/**
	 * Begins an operation on the whole cluster with what a JSON body says about it. Boot
	 * lets an operation with parameters have no request without a body, so that this is
	 * another one than {@link #operate(String)}. {@code scale} is answered once the
	 * master wants that number of workers, of the default group or of the one that the
	 * body names as its {@code group}.
	 * @param operation the operation's name
	 * @param workers the wanted number of workers, for {@code scale}
	 * @return the response, which for {@code scale} is {@code 202} with the wanted number
	 * and the previous one, {@code 400} if there cannot be so many, {@code 503} if there
	 * is no master to ask
	 */
	@WriteOperation
	public Mono<WebEndpointResponse<OperationResponseBody>> operate(@Selector String operation,
			@Nullable String workers) {
		return Mono.deferContextual((context) -> {
			String group = OperationArguments.text(context, GROUP);
			return switch (operation) {
				case RESTART -> restart(group, OperationArguments.text(context, WAIT));
				case SCALE -> answer(() -> scale((group != null) ? group : ClusterWorker.DEFAULT_GROUP, workers));
				case FORK -> answer(this::fork);
				case SHUTDOWN -> answer(this::shutdown);
				default -> Mono.just(FailureDescriptor.response(HttpStatus.NOT_FOUND,
						"There is no operation '%s', only '%s', '%s', '%s' and '%s'"
							.formatted(OperationArguments.echo(operation), RESTART, SCALE, FORK, SHUTDOWN)));
			};
		});
	}

	private Mono<WebEndpointResponse<OperationResponseBody>> restart(@Nullable String group, @Nullable String wait) {
		if (wait == null || wait.equalsIgnoreCase("false")) {
			return answer(() -> restart(group));
		}
		if (wait.equalsIgnoreCase("true")) {
			return answer(() -> restartAndAwait(group));
		}
		return Mono.just(FailureDescriptor.response(HttpStatus.BAD_REQUEST,
				"%s is '%s', allowed is true or false".formatted(WAIT, wait)));
	}

	// A caller who hangs up must not cancel the stage that the cluster still holds.

	private Mono<WebEndpointResponse<OperationResponseBody>> restart(@Nullable String group) {
		CompletionStage<RollingRestart> begun = (group != null) ? this.cluster.restart(group) : this.cluster.restart();
		return Mono.fromFuture(begun.toCompletableFuture(), true)
			.map((restart) -> response(HttpStatus.ACCEPTED, RestartDescriptor.of(restart.status())));
	}

	private Mono<WebEndpointResponse<OperationResponseBody>> scale(String group, @Nullable String workers) {
		return Mono.fromFuture(this.cluster.scale(group, number(workers)).toCompletableFuture(), true)
			.map((outcome) -> response(HttpStatus.ACCEPTED, ScaleDescriptor.of(outcome)));
	}

	/**
	 * Begins an operation on one worker: {@code restart}, which replaces it by another of
	 * the same generation, {@code disconnect}, which lets it finish its connections and
	 * end for good, and {@code kill}, which sends it the signal of the request parameter
	 * {@code signal}, or TERM.
	 * @param id the worker's id
	 * @param operation the operation's name
	 * @return the response: {@code 202} with the worker, {@code 404} if there is no such
	 * worker or operation, {@code 400} if it is no id or no signal that can be sent,
	 * {@code 503} if there is no master to ask
	 */
	@WriteOperation
	public Mono<WebEndpointResponse<OperationResponseBody>> operateWorker(@Selector String id,
			@Selector String operation) {
		if (!WHOLE_NUMBER.matcher(id).matches()) {
			return Mono.just(noId(id));
		}
		return Mono.deferContextual((context) -> {
			String signal = OperationArguments.text(context, SIGNAL);
			return answer(() -> findWorker(id)
				.map((worker) -> operate(worker, operation, (signal != null) ? signal : DEFAULT_SIGNAL))
				.orElseGet(() -> Mono.just(noWorker(id))));
		});
	}

	private Mono<WebEndpointResponse<OperationResponseBody>> operate(ClusterWorker worker, String operation,
			String signal) {
		WebEndpointResponse<OperationResponseBody> accepted = response(HttpStatus.ACCEPTED,
				WorkerDescriptor.of(worker, this.clock.instant()));
		return switch (operation) {
			case RESTART ->
				Mono.fromFuture(this.cluster.replace(worker.id()).toCompletableFuture(), true).thenReturn(accepted);
			case KILL -> Mono.fromFuture(this.cluster.kill(worker.id(), signal).toCompletableFuture(), true)
				.thenReturn(accepted);
			// It takes as long as its connections; what is wrong shows at once
			case DISCONNECT -> Mono.fromFuture(this.cluster.disconnect(worker.id()).toCompletableFuture(), true)
				.thenReturn(accepted)
				.timeout(DISCONNECTING, Mono.just(accepted));
			default -> Mono.just(FailureDescriptor.response(HttpStatus.NOT_FOUND,
					"There is no operation '%s' on a worker, only '%s', '%s' and '%s'"
						.formatted(OperationArguments.echo(operation), RESTART, DISCONNECT, KILL)));
		};
	}

	private Mono<WebEndpointResponse<OperationResponseBody>> fork() {
		return Mono.fromFuture(this.cluster.fork().toCompletableFuture(), true)
			.map((worker) -> response(HttpStatus.OK, WorkerDescriptor.of(worker, this.clock.instant())));
	}

	private Mono<WebEndpointResponse<OperationResponseBody>> shutdown() {
		int workers = this.cluster.status().workers().size();
		return Mono.fromFuture(this.cluster.stop().toCompletableFuture(), true)
			.thenReturn(response(HttpStatus.ACCEPTED, new ShutdownDescriptor(workers)));
	}

	private static int number(@Nullable String workers) {
		try {
			return Integer.parseInt((workers != null) ? workers.trim() : "");
		}
		catch (NumberFormatException ex) {
			throw new ScaleRefusedException((workers != null)
					? "workers is '%s', allowed is a whole number from 1 to 1024"
						.formatted(OperationArguments.echo(workers))
					: "workers is missing, allowed is a whole number from 1 to 1024 in a JSON body such as {\"workers\": 6}");
		}
	}

	private Mono<WebEndpointResponse<OperationResponseBody>> restartAndAwait(@Nullable String group) {
		CompletionStage<RestartStatus> awaited = (group != null) ? this.cluster.restartAndAwait(group)
				: this.cluster.restartAndAwait();
		return Mono.fromFuture(awaited.toCompletableFuture(), true)
			.map((end) -> response(outcome(end.state()), RestartDescriptor.of(end)));
	}

	private static HttpStatus outcome(RestartState state) {
		return switch (state) {
			case RUNNING -> HttpStatus.ACCEPTED;
			case COMPLETED -> HttpStatus.OK;
			case ABORTED -> HttpStatus.INTERNAL_SERVER_ERROR;
		};
	}

	private static Mono<WebEndpointResponse<OperationResponseBody>> answer(
			Supplier<Mono<WebEndpointResponse<OperationResponseBody>>> operation) {
		return Mono.defer(operation)
			.onErrorResume(RestartInProgressException.class,
					(ex) -> Mono
						.just(FailureDescriptor.response(HttpStatus.CONFLICT, ex.getMessage(), ex.getRunningId())))
			.onErrorResume(UnknownGroupException.class,
					(ex) -> Mono.just(FailureDescriptor.response(HttpStatus.NOT_FOUND, ex.getMessage())))
			.onErrorResume(UnknownWorkerException.class,
					(ex) -> Mono.just(FailureDescriptor.response(HttpStatus.NOT_FOUND, ex.getMessage())))
			.onErrorResume(SignalRefusedException.class,
					(ex) -> Mono.just(FailureDescriptor.response(HttpStatus.BAD_REQUEST, ex.getMessage())))
			.onErrorResume(ForkRefusedException.class,
					(ex) -> Mono.just(FailureDescriptor.response(HttpStatus.BAD_REQUEST, ex.getMessage())))
			.onErrorResume(ForkFailedException.class,
					(ex) -> Mono.just(FailureDescriptor.response(HttpStatus.INTERNAL_SERVER_ERROR, ex.getMessage())))
			.onErrorResume(ScaleRefusedException.class,
					(ex) -> Mono.just(FailureDescriptor.response(HttpStatus.BAD_REQUEST, ex.getMessage())))
			.onErrorResume(RestartAbortedException.class,
					(ex) -> Mono.just(FailureDescriptor.response(HttpStatus.INTERNAL_SERVER_ERROR, ex.getMessage(),
							ex.getStatus().id())))
			.onErrorResume(ClusterUnavailableException.class,
					(ex) -> Mono.just(FailureDescriptor.response(HttpStatus.SERVICE_UNAVAILABLE, ex.getMessage())));
	}

	private static WebEndpointResponse<OperationResponseBody> response(HttpStatus status, OperationResponseBody body) {
		return new WebEndpointResponse<>(body, status.value());
	}

}
