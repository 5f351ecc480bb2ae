package io.github.bootcluster.guide;

import java.time.Duration;
import java.util.concurrent.CompletionStage;

import io.github.bootcluster.message.ClusterMessage;
import io.github.bootcluster.message.ClusterMessageListener;
import io.github.bootcluster.message.ClusterMessages;
import io.github.bootcluster.message.MessageTarget;
import reactor.core.publisher.Mono;

import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RestController;

/**
 * Messages between workers, and from them to the master.
 */
@RestController
class MessageSnippets {

	private final ClusterMessages messages;

	MessageSnippets(ClusterMessages messages) {
		this.messages = messages;
	}

	@PostMapping("/broadcast")
	Mono<Integer> broadcast() {
		// tag::broadcast[]
		CompletionStage<Integer> heard = this.messages.broadcast("evict", new Eviction("prices"));
		// end::broadcast[]
		return Mono.fromCompletionStage(heard);
	}

	// tag::listener[]
	@ClusterMessageListener("evict")
	void evict(Eviction eviction, ClusterMessage message) {
		System.out.println("Guide: evicts " + eviction.cache() + " as slot " + message.senderSlot() + " says");
	}
	// end::listener[]

	@PostMapping("/report")
	Mono<Void> report() {
		// tag::send[]
		CompletionStage<Void> taken = this.messages.send(MessageTarget.master(), "report", new Eviction("prices"));
		// end::send[]
		return Mono.fromCompletionStage(taken);
	}

	@PostMapping("/ask")
	Mono<Integer> ask() {
		// tag::request[]
		CompletionStage<Integer> length = this.messages.request(MessageTarget.slot(1), "length", "cluster",
				Integer.class, Duration.ofSeconds(5));
		// end::request[]
		return Mono.fromCompletionStage(length);
	}

	// tag::reply[]
	@ClusterMessageListener("length")
	int length(String text) {
		return text.length();
	}
	// end::reply[]

	record Eviction(String cache) {

	}

}
