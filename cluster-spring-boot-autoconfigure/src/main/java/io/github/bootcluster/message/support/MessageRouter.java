package io.github.bootcluster.message.support;

import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

import io.github.bootcluster.ClusterWorker;
import io.github.bootcluster.message.ClusterMessage;
import io.github.bootcluster.message.MessageFailure;
import io.github.bootcluster.message.MessageTarget;
import io.github.bootcluster.wire.ControlConnection;
import io.github.bootcluster.wire.Frame;
import org.jspecify.annotations.Nullable;

/**
 * Brings messages to the workers that they are for, on whatever thread they come, and
 * never on the supervisor's: a flood of them must not hold the supervision up. It does
 * not look into them.
 */
public final class MessageRouter implements MessageCarrier {

	private final Map<ControlConnection, MessageRoute> routes = new ConcurrentHashMap<>();

	private final OpenMessages toMaster = new OpenMessages("the master", Budget.ofReceiver());

	private volatile Consumer<Delivery> master = (delivery) -> delivery.answer()
		.accept(new Outcome.Unhandled(MessageFailure.NO_LISTENER, "Nobody listens in the master"));

	void master(Consumer<Delivery> receiver) {
		this.master = receiver;
	}

	/**
	 * A worker has come. It must not yet have been told that it is welcome: it may send
	 * messages from then on.
	 */
	public void register(ClusterWorker worker, ControlConnection connection) {
		this.routes.put(connection, new MessageRoute(worker, connection));
	}

	/**
	 * A worker has become ready: broadcasts wait for it from now on.
	 */
	public void ready(ControlConnection connection) {
		MessageRoute route = this.routes.get(connection);
		if (route != null) {
			route.ready();
		}
	}

	/**
	 * A worker has gone.
	 */
	public void closed(ControlConnection connection) {
		MessageRoute route = this.routes.remove(connection);
		if (route != null) {
			route.end();
		}
	}

	/**
	 * A worker has sent a frame.
	 */
	public boolean received(ControlConnection connection, Frame.Carried frame) {
		MessageRoute route = this.routes.get(connection);
		if (route == null) {
			return false;
		}
		if (frame instanceof Frame.Send send) {
			ClusterMessage message = new ClusterMessage(send.name(), send.payload(), route.worker().id(),
					route.worker().slot(), send.replyExpected());
			carry(route, send.target(), message, (outcome) -> route.answer(send.number(), outcome));
		}
		else if (frame instanceof Frame.Settled settled) {
			route.settled(settled);
		}
		else {
			return false;
		}
		return true;
	}

	@Override
	public void carry(MessageTarget target, boolean replyExpected, String name, String payload,
			Consumer<Outcome> answer) {
		carry(null, target, new ClusterMessage(name, payload, 0, 0, replyExpected), answer);
	}

	private void carry(@Nullable MessageRoute sender, MessageTarget target, ClusterMessage message,
			Consumer<Outcome> answer) {
		switch (target.kind()) {
			case MASTER -> this.toMaster.send(message.payload().length(),
					(number) -> this.master.accept(new Delivery(message, (sender != null) ? sender.worker() : null,
							(outcome) -> this.toMaster.settled(number, outcome))),
					answer);
			case WORKER, SLOT -> receiver(target).ifPresentOrElse((route) -> route.send(message, answer), () -> answer
				.accept(new Outcome.Unhandled(MessageFailure.GONE, "There is no such receiver: " + target)));
			case WORKERS -> {
				List<MessageRoute> others = this.routes.values().stream().filter((route) -> route != sender).toList();
				Broadcast.send(message, others, answer);
			}
		}
	}

	private Optional<MessageRoute> receiver(MessageTarget target) {
		if (target.kind() == MessageTarget.Kind.WORKER) {
			return this.routes.values().stream().filter((route) -> route.worker().id() == target.number()).findAny();
		}
		// Of two in a slot the newer one replaces the other, once it is ready
		return this.routes.values()
			.stream()
			.filter((route) -> route.worker().slot() == target.number()
					&& route.worker().group().equals(ClusterWorker.DEFAULT_GROUP))
			.max(Comparator.comparing(MessageRoute::isReady).thenComparing((route) -> route.worker().id()));
	}

}
