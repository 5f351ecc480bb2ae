package io.github.bootcluster.message.support;

import java.util.function.Supplier;

import io.github.bootcluster.ClusterStatus;
import io.github.bootcluster.ClusterWorker;
import io.github.bootcluster.event.WorkerMessageEvent;
import io.github.bootcluster.message.ClusterMessageConverter;
import io.github.bootcluster.message.ClusterMessages;
import io.github.bootcluster.message.MessageFailure;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

import org.springframework.context.ApplicationEventPublisher;

/**
 * Messages of the master itself: those that it sends, and those that are for its beans.
 */
public final class MasterMessages {

	private static final Log logger = LogFactory.getLog(MasterMessages.class);

	private final MessageRouter router;

	private final ApplicationEventPublisher publisher;

	private final Supplier<ClusterStatus> status;

	private final MessageListeners listeners = new MessageListeners();

	private final MessageThreads threads = MessageThreads.create();

	private final Inbox inbox = new Inbox(this::handle, this.threads.listeners());

	/**
	 * Creates the messages of a master.
	 */
	public MasterMessages(MessageRouter router, ApplicationEventPublisher publisher, Supplier<ClusterStatus> status) {
		this.router = router;
		this.publisher = publisher;
		this.status = status;
		router.master(this::take);
	}

	public ClusterMessages with(ClusterMessageConverter converter) {
		return new DefaultClusterMessages(this.router, this.listeners, converter, this.threads.stages());
	}

	/**
	 * Begins to handle what has come and will come: those who want to listen do.
	 */
	public void open() {
		this.inbox.open();
	}

	/**
	 * Handles nothing more: those who listen are about to go.
	 */
	public void close() {
		this.inbox.close("The master ends");
	}

	private void take(Delivery delivery) {
		ClusterWorker known = delivery.worker();
		this.inbox
			.take((known != null) ? new Delivery(delivery.message(), currently(known), delivery.answer()) : delivery);
	}

	private ClusterWorker currently(ClusterWorker worker) {
		return this.status.get()
			.workers()
			.stream()
			.filter((current) -> current.id() == worker.id())
			.findAny()
			.orElse(worker);
	}

	private void handle(Delivery delivery) {
		ClusterWorker worker = delivery.worker();
		if (worker == null) {
			this.listeners.handle(delivery);
			return;
		}
		publish(new WorkerMessageEvent(worker, delivery.message()));
		this.listeners.handle(new Delivery(delivery.message(), worker, (outcome) -> delivery.answer()
			.accept(delivery.message().replyExpected() ? outcome : heardByEvent(outcome))));
	}

	private void publish(WorkerMessageEvent event) {
		try {
			this.publisher.publishEvent(event);
		}
		catch (RuntimeException ex) {
			logger.error("A listener of WorkerMessageEvent '%s' failed".formatted(event.getName()), ex);
		}
	}

	/**
	 * That nobody listens to a name is no failure where everybody may listen to all of
	 * them.
	 */
	private static Outcome heardByEvent(Outcome outcome) {
		return (outcome instanceof Outcome.Unhandled unhandled && unhandled.failure() == MessageFailure.NO_LISTENER)
				? new Outcome.Handled("null") : outcome;
	}

}
