package io.github.bootcluster.message;

import java.time.Duration;
import java.util.concurrent.CompletionStage;

import org.jspecify.annotations.Nullable;

/**
 * Messages between the processes of the cluster, by name, as with the messages of Node's
 * {@code cluster} and proteus' message listeners. Those between workers go through the
 * master, which does not look into them. Payloads travel as JSON of at most
 * {@value #MAX_PAYLOAD} bytes.
 * <p>
 * Messages from one sender to one receiver are handled in the order in which they were
 * sent. What is sent and not yet handled is bounded, per sender and per receiver: beyond
 * that a message fails with {@link io.github.bootcluster.ClusterMessageRejectedException
 * ClusterMessageRejectedException}. Nothing is stored: a message to a process that ends
 * is lost, and its stage fails.
 * <p>
 * Stages complete on threads of their own, which must not be blocked. In a process that
 * is not clustered, a broadcast reaches nobody, and everything else fails with
 * {@link io.github.bootcluster.ClusterUnavailableException ClusterUnavailableException}.
 */
public interface ClusterMessages {

	/**
	 * Largest payload or reply, in bytes of its JSON.
	 */
	int MAX_PAYLOAD = 1024 * 1024;

	/**
	 * Longest name of a message, in characters.
	 */
	int MAX_NAME = 200;

	/**
	 * Sends a message.
	 * @param target whom to send it to; with {@link MessageTarget#workers()} it is a
	 * {@linkplain #broadcast broadcast}
	 * @param name the name that the listeners go by
	 * @param payload the payload
	 * @return a stage that completes once the receiver's listeners have handled the
	 * message, or fails with {@link io.github.bootcluster.ClusterMessageTooLargeException
	 * ClusterMessageTooLargeException},
	 * {@link io.github.bootcluster.ClusterMessageRejectedException
	 * ClusterMessageRejectedException}, {@link io.github.bootcluster.WorkerGoneException
	 * WorkerGoneException}, {@link io.github.bootcluster.ClusterMessageFailedException
	 * ClusterMessageFailedException} or
	 * {@link io.github.bootcluster.ClusterUnavailableException
	 * ClusterUnavailableException}
	 */
	CompletionStage<Void> send(MessageTarget target, String name, @Nullable Object payload);

	/**
	 * Sends a message to all workers, but not to the sender. Workers that are starting
	 * get it, too, as soon as they have listeners, but are not waited for.
	 * @param name the name that the listeners go by
	 * @param payload the payload
	 * @return a stage that completes with the number of workers whose listeners have
	 * handled the message; it fails as with {@link #send} if one of them could not, once
	 * all have dealt with it. Workers that have no such listener, or end meanwhile, do
	 * not count
	 */
	CompletionStage<Integer> broadcast(String name, @Nullable Object payload);

	/**
	 * Sends a message and waits for a reply.
	 * @param <T> what the reply is read as
	 * @param target whom to send it to, a single process
	 * @param name the name that the listener goes by
	 * @param payload the payload
	 * @param replyType what to read the reply as
	 * @param timeout how long to wait for the reply
	 * @return a stage that completes with the reply, or fails as with {@link #send}, or
	 * with {@link io.github.bootcluster.ClusterMessageTimeoutException
	 * ClusterMessageTimeoutException}
	 */
	<T> CompletionStage<T> request(MessageTarget target, String name, @Nullable Object payload, Class<T> replyType,
			Duration timeout);

	/**
	 * Hears messages of a name, until the registration is closed.
	 * @param <T> what the payload is read as
	 * @param name the name
	 * @param payloadType what to read the payload as
	 * @param handler handles the messages
	 * @return the registration
	 */
	<T> Registration listen(String name, Class<T> payloadType, ClusterMessageHandler<T> handler);

	/**
	 * Registration of a listener.
	 */
	interface Registration extends AutoCloseable {

		/**
		 * Hears no further message.
		 */
		@Override
		void close();

	}

}
