package io.github.bootcluster.eventful;

import java.util.Map;

import io.github.bootcluster.Cluster;
import io.github.bootcluster.ClusterStatus;
import io.github.bootcluster.RollingRestart;
import io.github.bootcluster.event.WorkerReadyEvent;
import reactor.core.publisher.Mono;

import org.springframework.context.event.EventListener;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RestController;

/**
 * Bean of the workers that uses the cluster, and waits in vain for a master's event.
 */
@RestController
class WorkerController {

	private final Cluster cluster;

	WorkerController(Cluster cluster) {
		this.cluster = cluster;
	}

	@GetMapping("/")
	Map<String, Object> identity() {
		return Map.of("pid", ProcessHandle.current().pid(), "role", this.cluster.role());
	}

	@GetMapping("/cluster")
	ClusterStatus status() {
		return this.cluster.status();
	}

	@PostMapping("/restart")
	Mono<String> restart() {
		return Mono.fromCompletionStage(this.cluster::restart)
			.map(RollingRestart::id)
			.onErrorResume((ex) -> Mono.just(String.valueOf(ex.getMessage())));
	}

	@EventListener
	void ready(WorkerReadyEvent event) {
		throw new IllegalStateException("No worker hears of " + event);
	}

}
