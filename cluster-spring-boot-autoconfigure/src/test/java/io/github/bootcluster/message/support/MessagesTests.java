package io.github.bootcluster.message.support;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;

import io.github.bootcluster.ClusterMessageFailedException;
import io.github.bootcluster.ClusterMessageRejectedException;
import io.github.bootcluster.ClusterMessageTimeoutException;
import io.github.bootcluster.ClusterMessageTooLargeException;
import io.github.bootcluster.ClusterUnavailableException;
import io.github.bootcluster.WorkerGoneException;
import io.github.bootcluster.message.ClusterMessage;
import io.github.bootcluster.message.ClusterMessages;
import io.github.bootcluster.message.MessageFailure;
import io.github.bootcluster.message.MessageTarget;
import io.github.bootcluster.wire.Frame;
import io.github.bootcluster.wire.RawControlSocket;
import io.github.bootcluster.worker.MasterConnection;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * Tests of messages between workers and the master, over real control sockets.
 */
@Timeout(60)
@ExtendWith(OutputCaptureExtension.class)
class MessagesTests {

	private static final Duration LONG = Duration.ofSeconds(30);

	@TempDir
	Path base;

	private MessageNetwork network;

	@BeforeEach
	void open() throws IOException {
		this.network = new MessageNetwork(this.base);
	}

	@AfterEach
	void close() throws Exception {
		this.network.close();
	}

	@Test
	void messagesOfASenderAreHandledInTheirOrder() throws Exception {
		ClusterMessages sender = this.network.worker(1);
		List<Integer> heard = new ArrayList<>();
		this.network.worker(2).listen("count", Integer.class, (payload, message) -> {
			synchronized (heard) {
				return heard.add(payload);
			}
		});
		List<Integer> sent = IntStream.range(0, 1000).boxed().toList();
		for (CompletionStage<Void> stage : sent.stream()
			.map((number) -> sender.send(MessageTarget.worker(2), "count", number))
			.toList()) {
			await(stage);
		}
		assertThat(heard).isEqualTo(sent);
	}

	@Test
	void requestIsRepliedToBetweenAnyTwoProcesses() throws Exception {
		ClusterMessages one = this.network.worker(1);
		ClusterMessages two = this.network.worker(2);
		for (ClusterMessages receiver : List.of(one, two, this.network.master())) {
			receiver.listen("greet", Person.class, (person, message) -> Map.of("greeting",
					"Hello " + Objects.requireNonNull(person).name(), "to", message.senderId()));
		}
		Person ann = new Person("Ann \u00e4\u20ac\ud83d\ude00 \"\\\n");
		for (MessageTarget target : List.of(MessageTarget.worker(2), MessageTarget.slot(2), MessageTarget.master())) {
			assertThat(await(one.request(target, "greet", ann, Greeting.class, LONG)))
				.isEqualTo(new Greeting("Hello " + ann.name(), 1));
		}
		assertThat(await(this.network.master().request(MessageTarget.worker(1), "greet", ann, Greeting.class, LONG)))
			.isEqualTo(new Greeting("Hello " + ann.name(), 0));
	}

	@Test
	void replyMayComeLaterWithoutHoldingUpTheNextMessage() throws Exception {
		ClusterMessages sender = this.network.worker(1);
		BlockingQueue<CompletableFuture<String>> replies = new LinkedBlockingQueue<>();
		this.network.worker(2).listen("later", String.class, (payload, message) -> {
			CompletableFuture<String> reply = new CompletableFuture<>();
			replies.add(reply);
			return reply;
		});
		CompletionStage<String> first = sender.request(MessageTarget.worker(2), "later", "1", String.class, LONG);
		CompletionStage<String> second = sender.request(MessageTarget.worker(2), "later", "2", String.class, LONG);
		CompletableFuture<String> firstReply = replies.take();
		replies.take().complete("second");
		assertThat(await(second)).isEqualTo("second");
		firstReply.complete("first");
		assertThat(await(first)).isEqualTo("first");
	}

	@Test
	void broadcastReachesAllButItsSender() throws Exception {
		BlockingQueue<String> heard = new LinkedBlockingQueue<>();
		List<ClusterMessages> workers = IntStream.rangeClosed(1, 3).mapToObj(this.network::worker).toList();
		for (int i = 0; i < 3; i++) {
			int id = i + 1;
			workers.get(i)
				.listen("flush", String.class, (payload, message) -> heard.add(message.senderId() + ">" + id));
		}
		assertThat(await(workers.get(1).broadcast("flush", "x"))).isEqualTo(2);
		assertThat(heard).containsExactlyInAnyOrder("2>1", "2>3");
		assertThat(await(this.network.master().broadcast("flush", "x"))).isEqualTo(3);
		assertThat(await(workers.get(0).broadcast("unheard", "x"))).isZero();
		await(workers.get(0).send(MessageTarget.workers(), "flush", "x"));
		assertThat(heard).contains("1>2", "1>3");
		assertThatIllegalArgumentException()
			.isThrownBy(() -> workers.get(0).request(MessageTarget.workers(), "flush", "x", String.class, LONG));
	}

	@Test
	void broadcastReachesAStartingWorkerWithoutWaitingForIt() throws Exception {
		MasterConnection starting = this.network.starting(1);
		assertThat(await(this.network.master().broadcast("flush", "x"))).isZero();
		CompletableFuture<String> heard = new CompletableFuture<>();
		MessageNetwork.of(starting).listen("flush", String.class, (payload, message) -> heard.complete(payload));
		starting.messages().open();
		assertThat(await(heard)).isEqualTo("x");
	}

	@Test
	void messageToTheMasterIsPublishedThere() throws Exception {
		ClusterMessages worker = this.network.worker(7);
		await(worker.send(MessageTarget.master(), "report", Map.of("done", 3)));
		assertThat(this.network.events()).singleElement().satisfies((event) -> {
			assertThat(event.getName()).isEqualTo("report");
			assertThat(event.getPayload()).isEqualTo("{\"done\":3}");
			assertThat(event.getWorker().id()).isEqualTo(7);
		});
		assertThat(failure(worker.request(MessageTarget.master(), "report", 1, String.class, LONG)))
			.isInstanceOfSatisfying(ClusterMessageFailedException.class,
					(ex) -> assertThat(ex.getFailure()).isEqualTo(MessageFailure.NO_LISTENER));
	}

	@Test
	void receiverThatIsSlowBoundsWhatWaitsAndHoldsNobodyElseUp() throws Exception {
		ClusterMessages sender = this.network.worker(1);
		ClusterMessages slow = this.network.worker(2);
		CountDownLatch release = new CountDownLatch(1);
		slow.listen("work", Integer.class, (payload, message) -> {
			release.await();
			return null;
		});
		slow.listen("ping", String.class, (payload, message) -> "pong");
		this.network.worker(3).listen("ping", String.class, (payload, message) -> "pong");
		List<CompletionStage<Void>> sent = IntStream.range(0, 1024)
			.mapToObj((number) -> sender.send(MessageTarget.worker(2), "work", number))
			.toList();
		assertThat(failure(sender.send(MessageTarget.worker(2), "work", 1024)))
			.isInstanceOf(ClusterMessageRejectedException.class)
			.hasMessageContaining("Too much waits for worker 2: 1,024 messages")
			.hasMessageContaining("allowed are 1,024");
		assertThat(await(sender.request(MessageTarget.worker(3), "ping", null, String.class, LONG))).isEqualTo("pong");
		release.countDown();
		for (CompletionStage<Void> stage : sent) {
			await(stage);
		}
		assertThat(await(sender.request(MessageTarget.worker(2), "ping", null, String.class, LONG))).isEqualTo("pong");
	}

	@Test
	void listenerThatIsBlockedHoldsNoOtherSenderUp() throws Exception {
		ClusterMessages one = this.network.worker(1);
		ClusterMessages two = this.network.worker(2);
		CountDownLatch release = new CountDownLatch(1);
		two.listen("work", Integer.class, (payload, message) -> {
			release.await();
			return payload;
		});
		CompletionStage<Integer> blocked = one.request(MessageTarget.worker(2), "work", 1, Integer.class, LONG);
		two.listen("ping", String.class, (payload, message) -> "pong");
		assertThat(await(this.network.master().request(MessageTarget.worker(2), "ping", null, String.class, LONG)))
			.isEqualTo("pong");
		release.countDown();
		assertThat(await(blocked)).isEqualTo(1);
	}

	@Test
	void controlFramesAreHandledWhateverListenersDo() throws Exception {
		ClusterMessages sender = this.network.worker(1);
		CountDownLatch release = new CountDownLatch(1);
		this.network.worker(2).listen("work", String.class, (payload, message) -> {
			release.await();
			return null;
		});
		String large = "x".repeat(ClusterMessages.MAX_PAYLOAD / 2);
		List<CompletionStage<Void>> sent = IntStream.range(0, 15)
			.mapToObj((number) -> sender.send(MessageTarget.worker(2), "work", large))
			.toList();
		this.network.connection(2).send(new Frame.DumpThreads());
		assertThat(this.network.others().poll(30, TimeUnit.SECONDS)).isInstanceOf(Frame.ThreadDump.class);
		assertThat(sent).noneMatch((stage) -> stage.toCompletableFuture().isDone());
		release.countDown();
		for (CompletionStage<Void> stage : sent) {
			await(stage);
		}
	}

	@Test
	void receiverThatHasStoppedReadingTakesAFewOfTheLargestMessagesOnly() throws Exception {
		ClusterMessages sender = this.network.worker(1);
		try (RawControlSocket stopped = RawControlSocket.connect(this.network.directory().control())) {
			stopped.send("{\"type\":\"hello\",\"worker\":2,\"pid\":1,\"protocol\":" + Frame.Hello.PROTOCOL
					+ ",\"version\":\"1\"}");
			assertThat(stopped.receive()).contains("welcome");
			String large = "x".repeat(ClusterMessages.MAX_PAYLOAD - 2);
			List<CompletionStage<Void>> sent = IntStream.range(0, 12)
				.mapToObj((number) -> sender.send(MessageTarget.worker(2), "work", large))
				.toList();
			for (CompletionStage<Void> rejected : sent.subList(7, 12)) {
				assertThat(failure(rejected)).isInstanceOf(ClusterMessageRejectedException.class);
			}
			assertThat(sent.subList(0, 7)).noneMatch((stage) -> stage.toCompletableFuture().isDone());
			stopped.close();
			for (CompletionStage<Void> lost : sent.subList(0, 7)) {
				assertThat(failure(lost)).isInstanceOf(WorkerGoneException.class)
					.hasMessageContaining("Worker 2 has gone");
			}
		}
		assertThat(failure(sender.send(MessageTarget.worker(2), "work", 1))).isInstanceOf(WorkerGoneException.class)
			.hasMessageContaining("worker 2");
	}

	@Test
	void requesterThatHasStoppedReadingBoundsTheRepliesThatWait() throws Exception {
		String large = "x".repeat(ClusterMessages.MAX_PAYLOAD - 2);
		BlockingQueue<ClusterMessage> heard = new LinkedBlockingQueue<>();
		this.network.worker(1).listen("load", Integer.class, (payload, message) -> {
			heard.add(message);
			return large;
		});
		try (RawControlSocket stopped = RawControlSocket.connect(this.network.directory().control())) {
			stopped.send("{\"type\":\"hello\",\"worker\":2,\"pid\":1,\"protocol\":" + Frame.Hello.PROTOCOL
					+ ",\"version\":\"1\"}");
			assertThat(stopped.receive()).contains("welcome");
			for (int i = 0; i < 100; i++) {
				stopped.send(("{\"type\":\"send\",\"number\":%d,\"target\":{\"kind\":\"WORKER\",\"number\":1},"
						+ "\"replyExpected\":true,\"name\":\"load\",\"payload\":\"%d\"}")
					.formatted(i, i));
			}
			for (int i = 0; i < 100; i++) {
				heard.take();
			}
			long backlog = this.network.connection(2).backlog();
			assertThat(backlog).isLessThan(20L * ClusterMessages.MAX_PAYLOAD);
		}
	}

	@Test
	void payloadThatIsTooLargeFailsAtTheSender() throws Exception {
		ClusterMessages sender = this.network.worker(1);
		this.network.worker(2)
			.listen("size", String.class, (payload, message) -> Objects.requireNonNull(payload).length());
		String fits = "\"".repeat(ClusterMessages.MAX_PAYLOAD / 2 - 1);
		assertThat(await(sender.request(MessageTarget.worker(2), "size", fits, Integer.class, LONG)))
			.isEqualTo(fits.length());
		assertThat(failure(sender.send(MessageTarget.worker(2), "size", fits + "xx")))
			.isInstanceOfSatisfying(ClusterMessageTooLargeException.class, (ex) -> {
				assertThat(ex.getSize()).isEqualTo(ClusterMessages.MAX_PAYLOAD + 2);
				assertThat(ex.getLimit()).isEqualTo(ClusterMessages.MAX_PAYLOAD);
			})
			.hasMessage("The payload of message 'size' has 1,048,578 bytes, allowed are 1,048,576");
	}

	@Test
	void payloadThatIsNoJsonFailsAtTheSenderAndHarmsNothing() throws Exception {
		ClusterMessages sender = this.network.worker(1);
		this.network.worker(2).listen("ping", String.class, (payload, message) -> "pong");
		Map<String, Object> endless = new HashMap<>();
		endless.put("self", endless);
		for (Object wrong : List.of("\ud800", endless)) {
			assertThat(failure(sender.send(MessageTarget.worker(2), "ping", wrong))).isInstanceOfSatisfying(
					ClusterMessageFailedException.class,
					(ex) -> assertThat(ex.getFailure()).isEqualTo(MessageFailure.UNWRITABLE));
		}
		assertThat(await(sender.request(MessageTarget.worker(2), "ping", null, String.class, LONG))).isEqualTo("pong");
		for (String name : List.of(" ", "x".repeat(201), "\ud800")) {
			assertThatIllegalArgumentException().isThrownBy(() -> sender.broadcast(name, 1));
		}
	}

	@Test
	void payloadThatDoesNotFitIsDroppedWithOneLine(CapturedOutput output) throws Exception {
		ClusterMessages sender = this.network.worker(1);
		this.network.worker(2).listen("person", Person.class, (payload, message) -> payload);
		for (int i = 0; i < 3; i++) {
			assertThat(failure(
					sender.request(MessageTarget.worker(2), "person", List.of("no person"), Person.class, LONG)))
				.isInstanceOfSatisfying(ClusterMessageFailedException.class,
						(ex) -> assertThat(ex.getFailure()).isEqualTo(MessageFailure.UNREADABLE))
				.hasMessageContaining("message 'person' cannot be read as " + Person.class.getName());
		}
		assertThat(output.toString().split("Dropped a message of worker 1", -1)).hasSize(2);
	}

	@Test
	void listenerThatFailsTellsTheSender(CapturedOutput output) throws Exception {
		ClusterMessages sender = this.network.worker(1);
		this.network.worker(2).listen("work", String.class, (payload, message) -> {
			throw new IOException("no disk " + payload);
		});
		assertThat(failure(sender.send(MessageTarget.worker(2), "work", "C:")))
			.isInstanceOfSatisfying(ClusterMessageFailedException.class,
					(ex) -> assertThat(ex.getFailure()).isEqualTo(MessageFailure.LISTENER_FAILED))
			.hasMessageContaining("java.io.IOException: no disk C:");
		assertThat(output).contains("A listener failed at message 'work' of worker 1");
		assertThat(failure(sender.broadcast("work", "D:"))).hasMessageContaining("no disk D:");
	}

	@Test
	void requestThatNobodyRepliesToTimesOut() throws Exception {
		ClusterMessages sender = this.network.worker(1);
		CompletableFuture<String> never = new CompletableFuture<>();
		this.network.worker(2).listen("ask", String.class, (payload, message) -> never);
		assertThat(failure(sender.request(MessageTarget.worker(2), "ask", null, String.class, Duration.ofMillis(20))))
			.isInstanceOf(ClusterMessageTimeoutException.class)
			.hasMessage("No reply to 'ask' from worker 2 within 20 ms");
		never.complete("too late");
		this.network.worker(3).listen("ping", String.class, (payload, message) -> "pong");
		assertThat(await(sender.request(MessageTarget.worker(3), "ping", null, String.class, LONG))).isEqualTo("pong");
	}

	@Test
	void whatIsUnderWayFailsWhenItsReceiverOrTheMasterGoes() throws Exception {
		ClusterMessages sender = this.network.worker(1);
		CountDownLatch heard = new CountDownLatch(2);
		for (int id : new int[] { 2, 3 }) {
			this.network.worker(id).listen("ask", String.class, (payload, message) -> {
				heard.countDown();
				return new CompletableFuture<>();
			});
		}
		CompletionStage<String> two = sender.request(MessageTarget.worker(2), "ask", null, String.class, LONG);
		CompletionStage<String> three = sender.request(MessageTarget.worker(3), "ask", null, String.class, LONG);
		assertThat(heard.await(30, TimeUnit.SECONDS)).isTrue();
		this.network.connection(2).close();
		assertThat(failure(two)).isInstanceOf(WorkerGoneException.class);
		this.network.connection(1).close();
		assertThat(failure(three)).isInstanceOf(ClusterUnavailableException.class);
		assertThat(failure(sender.broadcast("ask", null))).isInstanceOf(ClusterUnavailableException.class);
	}

	@Test
	void messagesThatComeBeforeTheListenersWaitForThem() throws Exception {
		ClusterMessages sender = this.network.worker(1);
		MasterConnection starting = this.network.starting(2);
		CompletionStage<String> reply = sender.request(MessageTarget.worker(2), "ping", null, String.class, LONG);
		MessageNetwork.of(starting).listen("ping", String.class, (payload, message) -> "pong");
		starting.messages().open();
		assertThat(await(reply)).isEqualTo("pong");
	}

	@Test
	void workerThatEndsHandlesNoMoreThanItHasBegun() throws Exception {
		ClusterMessages sender = this.network.worker(1);
		MasterConnection ending = this.network.starting(2);
		CountDownLatch begun = new CountDownLatch(1);
		CountDownLatch release = new CountDownLatch(1);
		MessageNetwork.of(ending).listen("work", Integer.class, (payload, message) -> {
			begun.countDown();
			release.await();
			return payload;
		});
		ending.messages().open();
		CompletionStage<Integer> first = sender.request(MessageTarget.worker(2), "work", 1, Integer.class, LONG);
		assertThat(begun.await(30, TimeUnit.SECONDS)).isTrue();
		CompletionStage<Integer> second = sender.request(MessageTarget.worker(2), "work", 2, Integer.class, LONG);
		ending.messages().close();
		assertThat(failure(second)).isInstanceOf(WorkerGoneException.class).hasMessage("Worker 2 ends");
		release.countDown();
		assertThat(await(first)).isEqualTo(1);
		assertThat(failure(sender.send(MessageTarget.worker(2), "work", 3))).hasMessage("Worker 2 ends");
	}

	@Test
	void listenerThatIsClosedHearsNothingMore() throws Exception {
		ClusterMessages sender = this.network.worker(1);
		ClusterMessages receiver = this.network.worker(2);
		ClusterMessages.Registration first = receiver.listen("ask", String.class, (payload, message) -> "first");
		ClusterMessages.Registration second = receiver.listen("ask", String.class, (payload, message) -> "second");
		assertThat(await(sender.request(MessageTarget.slot(2), "ask", 1, String.class, LONG))).isEqualTo("first");
		first.close();
		assertThat(await(sender.request(MessageTarget.slot(2), "ask", 1, String.class, LONG))).isEqualTo("second");
		second.close();
		assertThat(failure(sender.send(MessageTarget.slot(2), "ask", 1))).hasMessageContaining("Nobody listens");
	}

	private static <T extends @Nullable Object> T await(CompletionStage<T> stage) throws Exception {
		return stage.toCompletableFuture().get(30, TimeUnit.SECONDS);
	}

	private static Throwable failure(CompletionStage<?> stage) {
		Throwable cause = assertThatExceptionOfType(ExecutionException.class)
			.isThrownBy(() -> stage.toCompletableFuture().get(30, TimeUnit.SECONDS))
			.actual()
			.getCause();
		return Objects.requireNonNull(cause);
	}

	record Person(String name) {

	}

	record Greeting(String greeting, int to) {

	}

}
