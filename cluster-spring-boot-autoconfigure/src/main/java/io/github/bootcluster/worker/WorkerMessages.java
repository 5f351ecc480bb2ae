package io.github.bootcluster.worker;

import java.util.function.Consumer;

import io.github.bootcluster.message.ClusterMessageConverter;
import io.github.bootcluster.message.ClusterMessages;
import io.github.bootcluster.message.MessageFailure;
import io.github.bootcluster.message.MessageTarget;
import io.github.bootcluster.message.support.Budget;
import io.github.bootcluster.message.support.DefaultClusterMessages;
import io.github.bootcluster.message.support.Delivery;
import io.github.bootcluster.message.support.Inbox;
import io.github.bootcluster.message.support.MessageCarrier;
import io.github.bootcluster.message.support.MessageListeners;
import io.github.bootcluster.message.support.MessageThreads;
import io.github.bootcluster.message.support.OpenMessages;
import io.github.bootcluster.message.support.Outcome;
import io.github.bootcluster.wire.ControlConnection;
import io.github.bootcluster.wire.Frame;

/**
 * Messages of a worker: all go to the master and come from it.
 */
public final class WorkerMessages implements MessageCarrier {

	private final MasterConnection master;

	private final OpenMessages open = new OpenMessages("the master", Budget.ofSender());

	private final MessageListeners listeners = new MessageListeners();

	private final MessageThreads threads = MessageThreads.create();

	private final Inbox inbox = new Inbox(this.listeners::handle, this.threads.listeners());

	WorkerMessages(MasterConnection master) {
		this.master = master;
	}

	/**
	 * Returns the messages for an application context.
	 */
	public ClusterMessages with(ClusterMessageConverter converter) {
		return new DefaultClusterMessages(this, this.listeners, converter, this.threads.stages());
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
		this.inbox.close("Worker %d ends".formatted(this.master.identity().id()));
	}

	@Override
	public void carry(MessageTarget target, boolean replyExpected, String name, String payload,
			Consumer<Outcome> answer) {
		this.open.send(payload.length(),
				(number) -> this.master.send(new Frame.Send(number, target, replyExpected, name, payload)), answer);
	}

	boolean received(ControlConnection connection, Frame.Carried frame) {
		if (frame instanceof Frame.Deliver delivered) {
			this.inbox.take(new Delivery(delivered.message(),
					(outcome) -> connection.send(Outcome.within(connection, outcome).toFrame(delivered.number()))));
		}
		else if (frame instanceof Frame.Settled settled) {
			this.open.settled(settled.number(), Outcome.of(settled));
		}
		else {
			return false;
		}
		return true;
	}

	void lost() {
		this.open.end(new Outcome.Unhandled(MessageFailure.UNAVAILABLE, "The connection to the master is lost"));
	}

}
