package io.github.bootcluster.operated;

import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;

import io.github.bootcluster.Cluster;
import reactor.core.publisher.Mono;

import org.springframework.beans.factory.annotation.Value;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/**
 * Bean of the workers that does with the cluster whatever it is asked to.
 */
@RestController
class OperationsController {

	private final Cluster cluster;

	private final int id;

	OperationsController(Cluster cluster, @Value("${cluster.worker.id}") int id) {
		this.cluster = cluster;
		this.id = id;
	}

	@GetMapping("/")
	Map<String, Object> identity() {
		return Map.of("pid", ProcessHandle.current().pid(), "id", this.id);
	}

	@PostMapping("/fork")
	Mono<ResponseEntity<Object>> fork(@RequestParam String name, @RequestParam String value) {
		return answer(() -> this.cluster.fork(Map.of(name, value)));
	}

	@PostMapping("/disconnect")
	Mono<ResponseEntity<Object>> disconnect(@RequestParam int worker) {
		return answer(() -> this.cluster.disconnect(worker));
	}

	@PostMapping("/disconnect-all")
	Mono<ResponseEntity<Object>> disconnect() {
		return answer(() -> this.cluster.disconnect().thenApply((done) -> "all others have ended"));
	}

	@PostMapping("/kill")
	Mono<ResponseEntity<Object>> kill(@RequestParam int worker, @RequestParam String signal) {
		return answer(() -> this.cluster.kill(worker, signal).thenApply((done) -> "sent"));
	}

	private static Mono<ResponseEntity<Object>> answer(Supplier<CompletionStage<?>> operation) {
		return Mono.fromCompletionStage(operation)
			.map((result) -> ResponseEntity.ok((Object) result))
			.onErrorResume((ex) -> Mono
				.just(ResponseEntity.badRequest().body(Map.of("refusal", String.valueOf(ex.getMessage())))));
	}

}
