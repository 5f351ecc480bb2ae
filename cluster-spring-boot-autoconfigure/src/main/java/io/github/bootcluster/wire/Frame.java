package io.github.bootcluster.wire;

import java.net.SocketAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Objects;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import io.github.bootcluster.ClusterStatus;
import io.github.bootcluster.ListenerKind;
import io.github.bootcluster.WorkerResources;
import io.github.bootcluster.WorkerVitals;
import io.github.bootcluster.message.ClusterMessage;
import io.github.bootcluster.message.MessageFailure;
import io.github.bootcluster.message.MessageTarget;
import org.jspecify.annotations.Nullable;

/**
 * What master and worker tell each other over the control socket. The names of the types
 * are closed to this list: no frame can make a reader instantiate any other class.
 */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
@JsonSubTypes({ @JsonSubTypes.Type(value = Frame.Hello.class, name = "hello"),
		@JsonSubTypes.Type(value = Frame.Welcome.class, name = "welcome"),
		@JsonSubTypes.Type(value = Frame.Refused.class, name = "refused"),
		@JsonSubTypes.Type(value = Frame.Listen.class, name = "listen"),
		@JsonSubTypes.Type(value = Frame.Listening.class, name = "listening"),
		@JsonSubTypes.Type(value = Frame.ListenFailed.class, name = "listen-failed"),
		@JsonSubTypes.Type(value = Frame.Unlisten.class, name = "unlisten"),
		@JsonSubTypes.Type(value = Frame.Ready.class, name = "ready"),
		@JsonSubTypes.Type(value = Frame.Availability.class, name = "availability"),
		@JsonSubTypes.Type(value = Frame.Vitals.class, name = "vitals"),
		@JsonSubTypes.Type(value = Frame.DumpThreads.class, name = "dump-threads"),
		@JsonSubTypes.Type(value = Frame.ThreadDump.class, name = "thread-dump"),
		@JsonSubTypes.Type(value = Frame.CheckHealth.class, name = "check-health"),
		@JsonSubTypes.Type(value = Frame.Health.class, name = "health"),
		@JsonSubTypes.Type(value = Frame.Drain.class, name = "drain"),
		@JsonSubTypes.Type(value = Frame.Draining.class, name = "draining"),
		@JsonSubTypes.Type(value = Frame.Request.class, name = "request"),
		@JsonSubTypes.Type(value = Frame.Ping.class, name = "ping"),
		@JsonSubTypes.Type(value = Frame.Received.class, name = "received"),
		@JsonSubTypes.Type(value = Frame.Success.class, name = "success"),
		@JsonSubTypes.Type(value = Frame.Failed.class, name = "failed"),
		@JsonSubTypes.Type(value = Frame.Status.class, name = "status"),
		@JsonSubTypes.Type(value = Frame.Send.class, name = "send"),
		@JsonSubTypes.Type(value = Frame.Deliver.class, name = "deliver"),
		@JsonSubTypes.Type(value = Frame.Handled.class, name = "handled"),
		@JsonSubTypes.Type(value = Frame.Unhandled.class, name = "unhandled"),
		@JsonSubTypes.Type(value = Frame.Lead.class, name = "lead"),
		@JsonSubTypes.Type(value = Frame.LeadGivenUp.class, name = "lead-given-up"),
		@JsonSubTypes.Type(value = Frame.ShareTicketKeys.class, name = "share-ticket-keys"),
		@JsonSubTypes.Type(value = Frame.TicketKeys.class, name = "ticket-keys"),
		@JsonSubTypes.Type(value = Frame.CollectMeters.class, name = "collect-meters"),
		@JsonSubTypes.Type(value = Frame.ReportMeters.class, name = "report-meters"),
		@JsonSubTypes.Type(value = Frame.Meters.class, name = "meters"),
		@JsonSubTypes.Type(value = Frame.CollectedMeters.class, name = "collected-meters"),
		@JsonSubTypes.Type(value = Frame.RetiredMeters.class, name = "retired-meters"),
		@JsonSubTypes.Type(value = Frame.LogLevel.class, name = "log-level"),
		@JsonSubTypes.Type(value = Frame.ClaimStart.class, name = "claim-start"),
		@JsonSubTypes.Type(value = Frame.StartClaimed.class, name = "start-claimed") })
public sealed interface Frame {

	/**
	 * Answer of the master to a request of a worker.
	 */
	sealed interface Answer extends Frame {

		/**
		 * Returns the request's number.
		 */
		int request();

	}

	/**
	 * Asks the master for an operation. It tells that it has {@linkplain Received
	 * received} it, as its answer may take long.
	 *
	 * @param number the request's number, for the answer
	 * @param operation the operation
	 */
	record Request(int number, Operation operation) implements Frame {

		public Request {
			Objects.requireNonNull(operation, "operation");
		}

	}

	/**
	 * Asks the master, while an operation takes its time, whether it still answers.
	 *
	 * @param number the request's number
	 */
	record Ping(int number) implements Frame {

	}

	/**
	 * The master begins with a {@link Request}, and will answer, or answers a
	 * {@link Ping}.
	 *
	 * @param request the request's number
	 */
	record Received(int request) implements Frame {

	}

	/**
	 * What a {@link Request} asked for is done, or has begun.
	 *
	 * @param request the request's number
	 * @param result what came of it, or {@code null} if there is nothing to tell
	 */
	record Success(int request, @OperationResult @Nullable Object result) implements Answer {

	}

	/**
	 * What a {@link Request} asked for cannot be done.
	 *
	 * @param request the request's number
	 * @param failure why
	 */
	record Failed(int request, Failure failure) implements Answer {

		public Failed {
			Objects.requireNonNull(failure, "failure");
		}

	}

	/**
	 * First frame of a worker.
	 *
	 * @param worker the worker's id
	 * @param pid the worker's process id
	 * @param protocol the protocol that the worker speaks
	 * @param version the worker's version of the starter, for people to read
	 */
	record Hello(int worker, long pid, int protocol, String version) implements Frame {

		/**
		 * Number of this protocol. It grows with every change that an older side would
		 * misunderstand.
		 */
		public static final int PROTOCOL = 10;

		public Hello {
			Objects.requireNonNull(version, "version");
		}

	}

	/**
	 * The master's answer to a {@link Hello} that it believes.
	 *
	 * @param kind how the worker gets its connections
	 * @param password a password for whatever would generate one in each worker
	 */
	record Welcome(ListenerKind kind, String password) implements Frame {

		public Welcome(ListenerKind kind) {
			this(kind, "");
		}

		public Welcome {
			Objects.requireNonNull(kind, "kind");
			Objects.requireNonNull(password, "password");
		}

		@Override
		public String toString() {
			return "Welcome[kind=%s]".formatted(this.kind);
		}

	}

	/**
	 * The master's answer to a {@link Hello} that it refuses.
	 *
	 * @param reason a sentence for people to read
	 */
	record Refused(String reason) implements Frame {

		public Refused {
			Objects.requireNonNull(reason, "reason");
		}

	}

	/**
	 * Asks the master for a listener.
	 *
	 * @param request the request's number, for the answer
	 * @param host the literal address to bind, or the absolute path of a Unix socket
	 * @param port the port, 0 for any, and for a path
	 * @param ordinal how many times this worker asked for port 0 of that address before,
	 * so that all workers share the port that the first of them got
	 * @param backlog the length of the accept queue
	 */
	record Listen(int request, String host, int port, int ordinal, int backlog) implements Frame {

		/**
		 * Creates the wish for an address.
		 */
		public static Listen on(int request, SocketAddress address, int ordinal, int backlog) {
			return new Listen(request, ListenAddress.host(address), ListenAddress.port(address, 0), ordinal, backlog);
		}

		public Listen {
			Objects.requireNonNull(host, "host");
			if (port < 0 || port > 0xFFFF) {
				throw new IllegalArgumentException("port " + port);
			}
		}

		/**
		 * Returns what to bind.
		 * @throws UnknownHostException if the host is no literal address
		 */
		public SocketAddress address() throws UnknownHostException {
			return ListenAddress.parse(this.host, this.port);
		}

	}

	/**
	 * The listener that a {@link Listen} asked for is open.
	 *
	 * @param request the request's number
	 * @param listener the listener's number, for the hand-off socket
	 * @param host the literal address that is bound, or the path of the Unix socket
	 * @param port the port that is bound, -1 if it is a path
	 * @param enveloped whether each connection comes with what the master has read from
	 * it, in {@linkplain Envelopes an envelope}
	 */
	record Listening(int request, int listener, String host, int port, boolean enveloped) implements Answer {

		public Listening {
			Objects.requireNonNull(host, "host");
		}

		public Listening(int request, int listener, String host, int port) {
			this(request, listener, host, port, false);
		}

		/**
		 * Creates the answer for an address.
		 */
		public static Listening at(int request, int listener, SocketAddress address, boolean enveloped) {
			return new Listening(request, listener, ListenAddress.host(address), ListenAddress.port(address, -1),
					enveloped);
		}

		/**
		 * Returns what is bound.
		 * @throws UnknownHostException if the host is no literal address
		 */
		public SocketAddress address() throws UnknownHostException {
			return ListenAddress.parse(this.host, this.port);
		}

	}

	/**
	 * The listener that a {@link Listen} asked for cannot be opened.
	 *
	 * @param request the request's number
	 * @param failure what is wrong
	 * @param reason a sentence for people to read
	 */
	record ListenFailed(int request, ListenFailure failure, String reason) implements Answer {

		public ListenFailed {
			Objects.requireNonNull(failure, "failure");
			Objects.requireNonNull(reason, "reason");
		}

	}

	/**
	 * The worker's application has closed one of its servers, and goes on.
	 *
	 * @param listener the listener's number
	 */
	record Unlisten(int listener) implements Frame {

	}

	/**
	 * The worker's application accepts traffic.
	 *
	 * @param resources what the worker has of the host
	 */
	record Ready(WorkerResources resources) implements Frame {

		public Ready {
			Objects.requireNonNull(resources, "resources");
		}

	}

	/**
	 * What the worker's application says of its availability has changed.
	 *
	 * @param accepting whether it accepts traffic
	 * @param correct whether it is alive, and not broken for good
	 */
	record Availability(boolean accepting, boolean correct) implements Frame {

	}

	/**
	 * What the worker tells of itself: that it comes means that all event loops of the
	 * worker have answered since the last one.
	 *
	 * @param vitals the figures
	 * @param next how long it takes at most until the next one is sent, as long as the
	 * event loops answer
	 */
	record Vitals(WorkerVitals vitals, Duration next) implements Frame {

		private static final Duration MAX_PAUSE = Duration.ofMinutes(1);

		public Vitals {
			Objects.requireNonNull(vitals, "vitals");
			if (next.isNegative() || next.compareTo(MAX_PAUSE) > 0) {
				throw new IllegalArgumentException("next is %s, allowed is up to %s".formatted(next, MAX_PAUSE));
			}
		}

	}

	/**
	 * Asks a worker that seems to hang what its threads do.
	 */
	record DumpThreads() implements Frame {

	}

	/**
	 * The worker's answer to {@link DumpThreads}.
	 *
	 * @param dump all threads with their stacks, cut to fit into a frame
	 */
	record ThreadDump(String dump) implements Frame {

		public ThreadDump {
			Objects.requireNonNull(dump, "dump");
		}

	}

	/**
	 * Asks a worker for the health of its application.
	 */
	record CheckHealth() implements Frame {

	}

	/**
	 * The worker's answer to {@link CheckHealth}.
	 *
	 * @param up whether the application is healthy, or does not say
	 * @param details what is wrong, for people to read; empty if nothing is
	 */
	record Health(boolean up, String details) implements Frame {

		public Health {
			Objects.requireNonNull(details, "details");
		}

	}

	/**
	 * Tells a worker to finish its connections and exit.
	 *
	 * @param timeoutMillis how long it may take, in milliseconds
	 */
	record Drain(long timeoutMillis) implements Frame {

	}

	/**
	 * The worker has begun to drain by itself, for example because somebody sent it a
	 * signal.
	 */
	record Draining() implements Frame {

	}

	/**
	 * The cluster as the master sees it, sent after every change.
	 *
	 * @param status the status
	 */
	record Status(ClusterStatus status) implements Frame {

		public Status {
			Objects.requireNonNull(status, "status");
		}

	}

	/**
	 * Frame that carries a message of the application, or what has become of one.
	 */
	sealed interface Carried extends Frame {

		/**
		 * Returns the number that the side which sent the message has given it.
		 */
		long number();

	}

	/**
	 * What has become of a message.
	 */
	sealed interface Settled extends Carried {

	}

	/**
	 * Message of a worker, for the master to deliver.
	 *
	 * @param number the message's number, for the answer
	 * @param target whom it is for
	 * @param replyExpected whether the sender waits for a reply
	 * @param name the name that the listeners go by
	 * @param payload JSON that only the receiver looks into
	 */
	record Send(long number, MessageTarget target, boolean replyExpected, String name,
			String payload) implements Carried {

		public Send {
			Objects.requireNonNull(target, "target");
			Objects.requireNonNull(name, "name");
			Objects.requireNonNull(payload, "payload");
		}

	}

	/**
	 * Message for the worker that gets this frame.
	 *
	 * @param number the message's number, for the answer
	 * @param message the message
	 */
	record Deliver(long number, ClusterMessage message) implements Carried {

		public Deliver {
			Objects.requireNonNull(message, "message");
		}

	}

	/**
	 * A message was handled.
	 *
	 * @param number the message's number
	 * @param reply the reply as JSON, the number of receivers for a broadcast
	 */
	record Handled(long number, String reply) implements Settled {

		public Handled {
			Objects.requireNonNull(reply, "reply");
		}

	}

	/**
	 * A message was not handled.
	 *
	 * @param number the message's number
	 * @param failure what is wrong
	 * @param reason a sentence for people to read
	 */
	record Unhandled(long number, MessageFailure failure, String reason) implements Settled {

		public Unhandled {
			Objects.requireNonNull(failure, "failure");
			Objects.requireNonNull(reason, "reason");
		}

	}

	/**
	 * Tells a worker that it leads from now on: what must run in one worker only runs in
	 * this one.
	 */
	record Lead() implements Frame {

	}

	/**
	 * The worker does not lead any more: nothing runs in it that must run in one worker
	 * only.
	 */
	record LeadGivenUp() implements Frame {

	}

	/**
	 * Asks the master for the keys that TLS session tickets are encrypted with, now and
	 * whenever they change: a server of the worker makes such tickets.
	 */
	record ShareTicketKeys() implements Frame {

	}

	/**
	 * The keys of TLS session tickets, the same for all workers of a group.
	 *
	 * @param keys the key for new tickets, then earlier ones, whose tickets are still
	 * taken: {@link #SIZE} bytes each, in Base64
	 */
	record TicketKeys(List<String> keys) implements Frame {

		/**
		 * Bytes of a key: its name, and a secret each for HMAC and AES.
		 */
		public static final int SIZE = 48;

		private static final int MAX_KEYS = 16;

		public TicketKeys {
			keys = List.copyOf(keys);
			if (keys.isEmpty() || keys.size() > MAX_KEYS) {
				throw new IllegalArgumentException("%d keys, allowed are 1 to %d".formatted(keys.size(), MAX_KEYS));
			}
			for (String key : keys) {
				if (Base64.getDecoder().decode(key).length != SIZE) {
					throw new IllegalArgumentException("A key does not have %d bytes".formatted(SIZE));
				}
			}
		}

		@Override
		public String toString() {
			return "TicketKeys[%d]".formatted(this.keys.size());
		}

	}

	/**
	 * Asks the master whether this worker may do what is to be done once in its
	 * generation, at the start.
	 *
	 * @param request the request's number, for the answer
	 */
	record ClaimStart(int request) implements Frame {

	}

	/**
	 * The master's answer to a {@link ClaimStart}.
	 *
	 * @param request the request's number
	 * @param granted whether it is this worker who does it
	 */
	record StartClaimed(int request, boolean granted) implements Answer {

	}

	/**
	 * Asks the master for the meters of all workers, and of those that have gone. It
	 * sends them as {@link CollectedMeters}, then its {@link Status} and {@link Success}.
	 *
	 * @param request the request's number, for the answers
	 * @param timeoutMillis how long to wait for a worker, in milliseconds
	 */
	record CollectMeters(int request, long timeoutMillis) implements Frame {

		private static final long MAX_TIMEOUT = 60_000;

		public CollectMeters {
			if (timeoutMillis < 0 || timeoutMillis > MAX_TIMEOUT) {
				throw new IllegalArgumentException("%d ms, allowed are up to %d".formatted(timeoutMillis, MAX_TIMEOUT));
			}
		}

	}

	/**
	 * Asks a worker for its meters.
	 */
	record ReportMeters() implements Frame {

	}

	/**
	 * The meters of a worker as they are now: its answer to {@link ReportMeters}, and its
	 * last word when it ends.
	 *
	 * @param data what only workers look into, empty if the worker has no meters to tell
	 */
	record Meters(String data) implements Frame {

		/**
		 * Characters that may be in there.
		 */
		public static final int MAX_LENGTH = 2 * 1024 * 1024;

		public Meters {
			check(data);
		}

		private static void check(String data) {
			if (data.length() > MAX_LENGTH) {
				throw new IllegalArgumentException(
						"%d characters, allowed are %d".formatted(data.length(), MAX_LENGTH));
			}
			// Others would take more bytes than characters
			if (data.chars().anyMatch((character) -> character <= ' ' || character > '~')) {
				throw new IllegalArgumentException("Meters are text in Base64");
			}
		}

		@Override
		public String toString() {
			return "Meters[%d]".formatted(this.data.length());
		}

	}

	/**
	 * Meters of one worker, or of those of a slot that have gone.
	 *
	 * @param request the number of the {@link CollectMeters}
	 * @param group the group
	 * @param slot the slot
	 * @param worker the worker's id, 0 for one that has gone
	 * @param sequence of one that has gone its place among those of the slot, else 0
	 * @param current whether the worker has told them just now, not some time before
	 * @param data what the worker has told
	 */
	record CollectedMeters(int request, String group, int slot, int worker, long sequence, boolean current,
			String data) implements Frame {

		public CollectedMeters {
			Objects.requireNonNull(group, "group");
			Objects.requireNonNull(data, "data");
		}

		@Override
		public String toString() {
			return "CollectedMeters[request=%d, group=%s, slot=%d, worker=%d, sequence=%d, current=%s, data=%d]"
				.formatted(this.request, this.group, this.slot, this.worker, this.sequence, this.current,
						this.data.length());
		}

	}

	/**
	 * The meters of workers of a slot that have gone, in one: what the master keeps in
	 * their place.
	 *
	 * @param group the group
	 * @param slot the slot
	 * @param sequence that of the last one among them
	 * @param data what takes the place of theirs
	 */
	record RetiredMeters(String group, int slot, long sequence, String data) implements Frame {

		public RetiredMeters {
			Objects.requireNonNull(group, "group");
			Meters.check(data);
		}

		@Override
		public String toString() {
			return "RetiredMeters[group=%s, slot=%d, sequence=%d, data=%d]".formatted(this.group, this.slot,
					this.sequence, this.data.length());
		}

	}

	/**
	 * Asks the master to set a log level in all workers, and tells each of them.
	 *
	 * @param logger the name of the logger, or of a group of loggers
	 * @param level the level's name, or {@code null} to reset it
	 */
	record LogLevel(String logger, @Nullable String level) implements Frame {

		private static final int MAX_NAME = 512;

		private static final int MAX_LEVEL = 16;

		public LogLevel {
			if (logger.length() > MAX_NAME) {
				throw new IllegalArgumentException(
						"The name of a logger has %d characters, allowed are %d".formatted(logger.length(), MAX_NAME));
			}
			if (level != null && level.length() > MAX_LEVEL) {
				throw new IllegalArgumentException(
						"A log level has %d characters, allowed are %d".formatted(level.length(), MAX_LEVEL));
			}
		}

	}

}
