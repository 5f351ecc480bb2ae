package io.github.bootcluster.worker;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntConsumer;

import io.github.bootcluster.ClusterUnavailableException;
import io.github.bootcluster.wire.ApplicationExecutor;
import io.github.bootcluster.wire.Frame;
import org.jspecify.annotations.Nullable;

/**
 * What a worker has asked its master and has no answer to yet. Nothing of a request is
 * left once it is answered, or has failed. It may be used by any thread.
 */
final class PendingRequests {

	private final Map<Integer, Pending> pending = new ConcurrentHashMap<>();

	private final AtomicInteger last = new AtomicInteger();

	private final Duration receiptTimeout;

	private final IntConsumer ping;

	private final Executor executor = ApplicationExecutor.create();

	private volatile boolean lost;

	/**
	 * Creates the requests of a connection.
	 * @param receiptTimeout how long the master may take to begin with an operation, or
	 * to answer a ping
	 */
	PendingRequests(Duration receiptTimeout, IntConsumer ping) {
		this.receiptTimeout = receiptTimeout;
		this.ping = ping;
	}

	/**
	 * Asks something that the caller itself waits for with a limit.
	 * @return the answer, or {@link ClusterUnavailableException}
	 */
	CompletableFuture<Frame> ask(IntConsumer sender) {
		return ask(new Pending(), sender);
	}

	/**
	 * Asks for an operation, which may take long once the master has begun with it.
	 * @return the answer, or {@link ClusterUnavailableException}
	 */
	CompletableFuture<Frame> operate(IntConsumer sender) {
		Pending request = new Pending();
		CompletableFuture<Frame> answer = ask(request, sender);
		// Not on the timer's thread: dependent stages may block
		request.receipt()
			.orTimeout(this.receiptTimeout.toNanos(), TimeUnit.NANOSECONDS)
			.whenCompleteAsync((received, failure) -> {
				if (failure != null) {
					answer.completeExceptionally(new ClusterUnavailableException(
							"The master does not answer: it has not begun with the operation within %d s"
								.formatted(this.receiptTimeout.toSeconds())));
				}
				else {
					watch(answer);
				}
			}, this.executor);
		return answer;
	}

	/**
	 * Lets what the master has begun with take its time, but not longer than the master
	 * answers.
	 * @param awaited fails with {@link ClusterUnavailableException} if it does not
	 */
	void watch(CompletableFuture<?> awaited) {
		CompletableFuture.delayedExecutor(this.receiptTimeout.toNanos(), TimeUnit.NANOSECONDS, this.executor)
			.execute(() -> {
				if (!awaited.isDone()) {
					ping(awaited);
				}
			});
	}

	private void ping(CompletableFuture<?> awaited) {
		Pending request = new Pending();
		ask(request, this.ping);
		request.receipt()
			.orTimeout(this.receiptTimeout.toNanos(), TimeUnit.NANOSECONDS)
			.whenCompleteAsync((received, failure) -> {
				request.answer().cancel(false);
				if (failure != null) {
					awaited.completeExceptionally(new ClusterUnavailableException(
							"The master does not answer any more: how the operation goes on is not known"));
				}
				else {
					watch(awaited);
				}
			}, this.executor);
	}

	private CompletableFuture<Frame> ask(Pending request, IntConsumer sender) {
		int number = this.last.incrementAndGet();
		this.pending.put(number, request);
		request.answer().whenComplete((result, failure) -> {
			this.pending.remove(number);
			request.receipt().complete(null);
		});
		if (this.lost) {
			request.answer().completeExceptionally(MasterConnection.unavailable());
		}
		else {
			sender.accept(number);
		}
		return request.answer();
	}

	/**
	 * The master has sent a frame. An answer that comes too late is ignored.
	 */
	boolean received(Frame frame) {
		if (frame instanceof Frame.Answer answer && isKnown(answer.request())) {
			Pending request = this.pending.get(answer.request());
			if (request != null) {
				request.answer().complete(frame);
			}
			return true;
		}
		if (frame instanceof Frame.Received receipt && isKnown(receipt.request())) {
			Pending request = this.pending.get(receipt.request());
			if (request != null) {
				request.receipt().complete(null);
			}
			return true;
		}
		return false;
	}

	private boolean isKnown(int number) {
		return number > 0 && number <= this.last.get();
	}

	void lost() {
		this.lost = true;
		this.pending.values()
			.forEach((request) -> request.answer().completeExceptionally(MasterConnection.unavailable()));
	}

	int size() {
		return this.pending.size();
	}

	/**
	 * Request without an answer.
	 *
	 * @param receipt completes once the master has begun with it
	 */
	private record Pending(CompletableFuture<Frame> answer, CompletableFuture<@Nullable Void> receipt) {

		Pending() {
			this(new CompletableFuture<>(), new CompletableFuture<>());
		}

	}

}
