package io.github.bootcluster.sample;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;

import io.github.bootcluster.ClusterMessageRejectedException;
import io.github.bootcluster.message.ClusterMessage;
import io.github.bootcluster.message.ClusterMessageListener;
import io.github.bootcluster.message.ClusterMessages;
import io.github.bootcluster.message.MessageTarget;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/**
 * Talks to the other processes of the cluster, where {@code sample.messages} asks for it.
 */
@RestController
@ConditionalOnBooleanProperty("sample.messages")
class MessageController {

	private static final Log logger = LogFactory.getLog(MessageController.class);

	private static final Duration TIMEOUT = Duration.ofSeconds(10);

	private final ClusterMessages messages;

	private final ProcessIdentity identity;

	MessageController(ClusterMessages messages, ProcessIdentity identity) {
		this.messages = messages;
		this.identity = identity;
	}

	@PostMapping("/notes")
	Mono<Map<String, Integer>> tellAll(@RequestParam String text) {
		return Mono.fromCompletionStage(this.messages.broadcast("note", new Note(text)))
			.map((receivers) -> Map.of("receivers", receivers));
	}

	@ClusterMessageListener("note")
	void hear(Note note, ClusterMessage message) {
		logger.info("Heard '%s' from worker %d".formatted(note.text(), message.senderId()));
	}

	@GetMapping("/who")
	Mono<ProcessIdentity> ask(@RequestParam int slot) {
		return Mono.fromCompletionStage(
				this.messages.request(MessageTarget.slot(slot), "who", null, ProcessIdentity.class, TIMEOUT));
	}

	@ClusterMessageListener("who")
	ProcessIdentity who() {
		return this.identity;
	}

	@GetMapping("/master")
	Mono<MasterSpokesman.Answer> askMaster(@RequestParam String text) {
		return Mono.fromCompletionStage(this.messages.request(MessageTarget.master(), "question", new Note(text),
				MasterSpokesman.Answer.class, TIMEOUT));
	}

	/**
	 * Sends a worker more work than it can do.
	 * @param slot the worker's slot
	 * @param count how many messages to send
	 * @return how many of them were done, and how many were rejected
	 */
	@PostMapping("/work")
	Mono<Map<Boolean, Long>> work(@RequestParam int slot, @RequestParam int count) {
		List<CompletionStage<Boolean>> sent = IntStream.range(0, count)
			.mapToObj((number) -> this.messages.send(MessageTarget.slot(slot), "work", number)
				.handle((done, failure) -> !(failure instanceof ClusterMessageRejectedException)))
			.toList();
		return Flux.fromIterable(sent)
			.flatMap(Mono::fromCompletionStage, count)
			.collectMultimap((done) -> done)
			.map((outcomes) -> Map.of(true, (long) outcomes.getOrDefault(true, List.of()).size(), false,
					(long) outcomes.getOrDefault(false, List.of()).size()));
	}

	@ClusterMessageListener("work")
	void doWork() throws InterruptedException {
		TimeUnit.MILLISECONDS.sleep(1);
	}

	/**
	 * What workers tell each other.
	 *
	 * @param text the text
	 */
	record Note(String text) {

	}

}
