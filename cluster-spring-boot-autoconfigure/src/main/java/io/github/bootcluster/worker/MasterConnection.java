package io.github.bootcluster.worker;

import java.io.Closeable;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.IntFunction;

import io.github.bootcluster.ClusterStatus;
import io.github.bootcluster.ClusterUnavailableException;
import io.github.bootcluster.ListenerKind;
import io.github.bootcluster.wire.ControlClient;
import io.github.bootcluster.wire.ControlConnection;
import io.github.bootcluster.wire.ControlListener;
import io.github.bootcluster.wire.Frame;
import io.github.bootcluster.wire.NoMasterException;
import io.github.bootcluster.wire.Operation;
import io.github.bootcluster.wire.SocketDirectory;
import io.github.bootcluster.wire.Transport;
import io.github.bootcluster.wire.WorkerIdentity;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

/**
 * A worker's control connection: what it asks the master, and what the master tells it.
 */
public final class MasterConnection implements ControlListener {

	private static final Log logger = LogFactory.getLog(MasterConnection.class);

	private static final Duration ANSWER_TIMEOUT = Duration.ofSeconds(10);

	private static final Duration RECEIPT_TIMEOUT = Duration.ofSeconds(5);

	private final WorkerIdentity identity;

	private final CompletableFuture<ListenerKind> welcome = new CompletableFuture<>();

	private final PendingRequests requests = new PendingRequests(RECEIPT_TIMEOUT,
			(number) -> send(new Frame.Ping(number)));

	private final Map<InetAddress, AtomicInteger> ordinals = new ConcurrentHashMap<>();

	private final CompletableFuture<Duration> drain = new CompletableFuture<>();

	private final CompletableFuture<Void> lost = new CompletableFuture<>();

	private final Set<CompletableFuture<?>> waiting = ConcurrentHashMap.newKeySet();

	private final List<Consumer<ClusterStatus>> readers = new CopyOnWriteArrayList<>();

	private final WorkerMessages messages = new WorkerMessages(this);

	private final MeterExchange meters = new MeterExchange(this);

	private final LogLevels logLevels = new LogLevels(this);

	private volatile Runnable healthCheck = () -> send(new Frame.Health(true, ""));

	private final CompletableFuture<Void> lead = new CompletableFuture<>();

	private volatile String password = "";

	private final List<Consumer<List<String>>> ticketReaders = new CopyOnWriteArrayList<>();

	private volatile @Nullable Closeable hold;

	private volatile @Nullable ClusterStatus status;

	private final AtomicBoolean leaving = new AtomicBoolean();

	private @Nullable ControlConnection connection;

	private MasterConnection(WorkerIdentity identity) {
		this.identity = identity;
	}

	/**
	 * Connects to the master and waits until it has recognised this process.
	 * @throws NoMasterException if there is no master, or it did not fork this process
	 */
	public static MasterConnection open(WorkerIdentity identity, String version) {
		MasterConnection opened = new MasterConnection(identity);
		Transport transport = Transport.detect();
		try {
			ControlConnection connection = ControlClient.connect(identity.control(), transport,
					transport.newEventLoop("cluster-control"), opened);
			opened.connection = connection;
			connection
				.send(new Frame.Hello(identity.id(), ProcessHandle.current().pid(), Frame.Hello.PROTOCOL, version));
			opened.welcome.get(ANSWER_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
			opened.holdDirectory();
			return opened;
		}
		catch (ExecutionException ex) {
			throw opened
				.noMaster((ex.getCause() != null) ? String.valueOf(ex.getCause().getMessage()) : "it does not answer");
		}
		catch (IOException ex) {
			throw opened.noMaster("no master listens: " + ex.getMessage());
		}
		catch (TimeoutException ex) {
			throw opened.noMaster(
					"no master answers at '%s' within %d s".formatted(identity.control(), ANSWER_TIMEOUT.toSeconds()));
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw opened.noMaster("the wait for the master was interrupted");
		}
	}

	private NoMasterException noMaster(String problem) {
		return new NoMasterException(String.valueOf(this.identity.id()), problem);
	}

	private void holdDirectory() {
		try {
			this.hold = SocketDirectory.hold(this.identity.control());
		}
		catch (IOException | IllegalStateException ex) {
			logger.warn("The master's folder cannot be held: a new master may delete it while this worker ends: " + ex);
		}
	}

	/**
	 * Deletes the folder of the master if it has died and no other worker needs it. To be
	 * called when the application is closed: this worker's own classes may lie there.
	 */
	public void deleteAbandonedDirectory() {
		// A master may die while this worker ends, which then does not hear of it: the
		// folder's lock tells
		Closeable current = this.hold;
		if (current == null) {
			return;
		}
		try {
			current.close();
			SocketDirectory.deleteAbandonedBy(this.identity.control());
		}
		catch (IOException ex) {
			// Left to the next master
		}
	}

	/**
	 * Returns who this process is.
	 */
	public WorkerIdentity identity() {
		return this.identity;
	}

	/**
	 * Returns a password that all workers of the master share, and nobody else knows.
	 */
	public String sharedPassword() {
		return this.password;
	}

	public ListenerKind kind() {
		return this.welcome.join();
	}

	public Path handoffSocket() {
		return SocketDirectory.handoff(this.identity.control());
	}

	@Nullable ClusterStatus status() {
		return this.status;
	}

	/**
	 * Adds somebody who is told every further status.
	 */
	public void addStatusReader(Consumer<ClusterStatus> reader) {
		this.readers.add(reader);
	}

	/**
	 * Removes somebody who has heard enough.
	 */
	public void removeStatusReader(Consumer<ClusterStatus> reader) {
		this.readers.remove(reader);
	}

	/**
	 * Completes with the time to take when the master wants this worker to finish.
	 */
	CompletableFuture<Duration> drainRequested() {
		return this.drain;
	}

	/**
	 * Completes when the master lets this worker lead, which it does once: the lead is
	 * given up for good.
	 */
	CompletableFuture<Void> lead() {
		return this.lead;
	}

	/**
	 * Completes when the connection has ended.
	 */
	public CompletableFuture<Void> lost() {
		return this.lost;
	}

	/**
	 * Lets a future fail if the connection ends before it completes, or the master does
	 * not answer any more.
	 */
	void failWhenLost(CompletableFuture<?> future) {
		this.requests.watch(future);
		this.waiting.add(future);
		future.whenComplete((result, failure) -> this.waiting.remove(future));
		if (this.lost.isDone()) {
			future.completeExceptionally(unavailable());
		}
	}

	/**
	 * Returns the messages that go over this connection.
	 */
	public WorkerMessages messages() {
		return this.messages;
	}

	/**
	 * Returns what workers tell each other of their meters over this connection.
	 */
	public MeterExchange meters() {
		return this.meters;
	}

	/**
	 * Returns the log levels that all workers share.
	 */
	public LogLevels logLevels() {
		return this.logLevels;
	}

	/**
	 * Sets what is done when the master asks for the application's health.
	 */
	void onHealthCheck(Runnable check) {
		this.healthCheck = check;
	}

	/**
	 * Asks for the keys of TLS session tickets that the workers of this one's group
	 * share.
	 * @param reader gets the key for new tickets and those before it, in Base64, again
	 * whenever they change, on the thread of this connection
	 */
	public void shareTicketKeys(Consumer<List<String>> reader) {
		this.ticketReaders.add(reader);
		send(new Frame.ShareTicketKeys());
	}

	/**
	 * Tells the master that this worker begins to end. Servers that close from now on do
	 * so because of that, and their addresses stay the cluster's.
	 */
	public void leave() {
		if (this.leaving.compareAndSet(false, true)) {
			send(new Frame.Draining());
		}
	}

	/**
	 * Tells the master that the application has closed one of its servers, and goes on.
	 */
	public void unlisten(int listener) {
		if (!this.leaving.get()) {
			send(new Frame.Unlisten(listener));
		}
	}

	/**
	 * Sends a frame that must not get lost though this process ends.
	 */
	void sendAndAwait(Frame frame, Duration timeout) {
		ControlConnection current = this.connection;
		if (current != null) {
			current.sendAndAwait(frame, timeout);
		}
	}

	void send(Frame frame) {
		ControlConnection current = this.connection;
		if (current != null) {
			current.send(frame);
		}
	}

	/**
	 * Asks the master something that the caller waits for with a limit of its own.
	 * @return the answer, or {@link ClusterUnavailableException}
	 */
	CompletableFuture<Frame> request(IntFunction<Frame> frame) {
		return this.requests.ask((number) -> send(frame.apply(number)));
	}

	/**
	 * Asks the master for an operation.
	 * @return a stage that completes with the result, if there is one, or fails with an
	 * exception of the cluster: with {@link ClusterUnavailableException} also if the
	 * master does not begin within some seconds
	 */
	CompletionStage<@Nullable Object> perform(Operation operation) {
		return this.requests.operate((number) -> send(new Frame.Request(number, operation)))
			.thenApply(MasterConnection::result);
	}

	private static @Nullable Object result(Frame answer) {
		if (answer instanceof Frame.Failed failed) {
			throw failed.failure().toException();
		}
		return (answer instanceof Frame.Success success) ? success.result() : null;
	}

	/**
	 * Tells how many times this worker asked for port 0 of an address before.
	 * @return the number, 0 for another port
	 */
	public int nextOrdinal(SocketAddress address) {
		return (address instanceof InetSocketAddress inet && inet.getPort() == 0)
				? this.ordinals.computeIfAbsent(inet.getAddress(), (key) -> new AtomicInteger()).getAndIncrement() : 0;
	}

	/**
	 * Asks the master to listen on an address, and waits for the answer.
	 * @throws ListenRefusedException if the master cannot listen there
	 * @throws IOException if the master does not answer
	 */
	public Frame.Listening listen(SocketAddress address, int ordinal, int backlog) throws IOException {
		try {
			Frame answer = request((number) -> Frame.Listen.on(number, address, ordinal, backlog))
				.get(ANSWER_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
			if (answer instanceof Frame.Listening listening) {
				return listening;
			}
			throw new ListenRefusedException(address, (Frame.ListenFailed) answer);
		}
		catch (ExecutionException | TimeoutException ex) {
			throw new IOException("The master does not answer the wish to listen on " + address, ex);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new IOException("Interrupted while waiting for the master to listen on " + address, ex);
		}
	}

	@Override
	public void received(ControlConnection connection, Frame frame) {
		if (frame instanceof Frame.Status current) {
			this.status = current.status();
			this.readers.forEach((reader) -> reader.accept(current.status()));
		}
		else if (frame instanceof Frame.Welcome accepted) {
			this.password = accepted.password();
			this.welcome.complete(accepted.kind());
		}
		else if (frame instanceof Frame.Refused refused) {
			this.welcome.completeExceptionally(new ClusterUnavailableException(refused.reason()));
		}
		else if (frame instanceof Frame.DumpThreads) {
			ThreadDumps.tell(connection);
		}
		else if (frame instanceof Frame.Drain order) {
			this.drain.complete(Duration.ofMillis(order.timeoutMillis()));
		}
		else if (frame instanceof Frame.Lead) {
			this.lead.complete(null);
		}
		else if (frame instanceof Frame.TicketKeys shared) {
			this.ticketReaders.forEach((reader) -> reader.accept(shared.keys()));
		}
		else if (frame instanceof Frame.LogLevel change) {
			this.logLevels.received(change);
		}
		else if (frame instanceof Frame.CheckHealth) {
			this.healthCheck.run();
		}
		else if (!this.meters.received(frame) && !this.requests.received(frame)
				&& !(frame instanceof Frame.Carried message && this.messages.received(connection, message))) {
			logger.warn("Closing the control connection: unexpected " + frame);
			connection.close();
		}
	}

	@Override
	public void closed(ControlConnection connection) {
		this.welcome.completeExceptionally(new ClusterUnavailableException("the master closed the connection"));
		this.lost.complete(null);
		this.requests.lost();
		this.waiting.forEach((future) -> future.completeExceptionally(unavailable()));
		this.messages.lost();
	}

	static ClusterUnavailableException unavailable() {
		return new ClusterUnavailableException("The connection to the master is lost");
	}

}
