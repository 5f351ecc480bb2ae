package io.github.bootcluster.guide;

import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;

import io.github.bootcluster.Cluster;
import io.github.bootcluster.ClusterRole;
import io.github.bootcluster.ClusterWorker;
import io.github.bootcluster.DisconnectOutcome;
import io.github.bootcluster.RestartStatus;
import io.github.bootcluster.ScaleOutcome;
import io.github.bootcluster.WorkerState;
import reactor.core.publisher.Mono;

import org.springframework.beans.factory.annotation.Value;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/**
 * What a worker asks the cluster for. Each answers with what the test has to see.
 */
@RestController
class OperationSnippets {

	private final Cluster cluster;

	// tag::worker-id[]
	@Value("${cluster.worker.id}")
	private int id;

	@Value("${cluster.worker.slot}")
	private int slot;

	// end::worker-id[]

	OperationSnippets(Cluster cluster) {
		this.cluster = cluster;
	}

	@GetMapping("/")
	Map<String, Object> who() {
		return Map.of("pid", ProcessHandle.current().pid(), "id", this.id, "slot", this.slot);
	}

	@GetMapping("/role")
	boolean role() {
		// tag::role[]
		boolean master = this.cluster.role() == ClusterRole.MASTER;
		boolean worker = this.cluster.role() == ClusterRole.WORKER;
		// end::role[]
		return worker && !master;
	}

	@GetMapping("/workers")
	List<Long> workers() {
		// tag::workers[]
		List<ClusterWorker> workers = this.cluster.workers();
		List<Long> pids = workers.stream().map(ClusterWorker::pid).toList();
		// end::workers[]
		return pids;
	}

	@GetMapping("/states")
	boolean states(@RequestParam int id) {
		// tag::state[]
		boolean ready = this.cluster.workers()
			.stream()
			.anyMatch((worker) -> worker.id() == id && worker.state() == WorkerState.READY);
		// end::state[]
		return ready;
	}

	@PostMapping("/fork")
	Mono<Integer> fork() {
		// tag::fork[]
		CompletionStage<ClusterWorker> worker = this.cluster.fork(Map.of("SHARD", "north"));
		// end::fork[]
		return Mono.fromCompletionStage(worker).map(ClusterWorker::id);
	}

	@GetMapping("/environment")
	String environment(@RequestParam String name) {
		return String.valueOf(System.getenv(name));
	}

	@PostMapping("/disconnect")
	Mono<Boolean> disconnect(@RequestParam int id) {
		// tag::disconnect[]
		CompletionStage<DisconnectOutcome> gone = this.cluster.disconnect(id);
		// end::disconnect[]
		return Mono.fromCompletionStage(gone).map((outcome) -> outcome.worker().id() == id);
	}

	@PostMapping("/kill")
	Mono<Void> kill(@RequestParam int id) {
		// tag::kill[]
		CompletionStage<Void> sent = this.cluster.kill(id, "SIGKILL");
		// end::kill[]
		return Mono.fromCompletionStage(sent);
	}

	@PostMapping("/scale")
	Mono<Integer> scale() {
		// tag::scale[]
		CompletionStage<ScaleOutcome> scaled = this.cluster.scale(2);
		// end::scale[]
		return Mono.fromCompletionStage(scaled).map(ScaleOutcome::workers);
	}

	@PostMapping("/restart")
	Mono<String> restart() {
		// tag::restart[]
		CompletionStage<RestartStatus> restarted = this.cluster.restartAndAwait();
		// end::restart[]
		return Mono.fromCompletionStage(restarted).map((status) -> status.state().name());
	}

}
