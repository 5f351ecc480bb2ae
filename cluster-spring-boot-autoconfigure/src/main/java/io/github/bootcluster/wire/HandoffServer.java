package io.github.bootcluster.wire;

import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

import io.netty.channel.IoEvent;
import io.netty.channel.IoEventLoop;
import io.netty.channel.IoRegistration;
import io.netty.channel.epoll.EpollIoHandle;
import io.netty.channel.epoll.EpollIoOps;
import io.netty.channel.unix.DomainSocketAddress;
import io.netty.channel.unix.FileDescriptor;
import io.netty.channel.unix.Socket;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

/**
 * The Unix socket to which workers connect for descriptors, to give some back, or to
 * borrow a listening socket. It owns its own descriptor; those that it accepts belong to
 * a {@link HandoffGreeting} each.
 */
public final class HandoffServer implements EpollIoHandle {

	private static final Log logger = LogFactory.getLog(HandoffServer.class);

	private static final int BACKLOG = 128;

	private final Socket socket;

	private final Path path;

	private final IoEventLoop loop;

	private final Listener listener;

	private final Greetings greetings;

	private final byte[] address = new byte[128];

	private @Nullable IoRegistration registration;

	private HandoffServer(Socket socket, Path path, IoEventLoop loop, Listener listener) {
		this.socket = socket;
		this.path = path;
		this.loop = loop;
		this.listener = listener;
		this.greetings = new Greetings(loop, "hand-off socket");
	}

	/**
	 * Begins to take hand-off connections.
	 * @throws IOException if the socket cannot be bound
	 */
	public static HandoffServer open(SocketDirectory directory, IoEventLoop loop, Listener listener)
			throws IOException {
		Socket socket = Socket.newSocketDomain();
		try {
			Path path = SocketDirectory.handoff(directory.control());
			socket.bind(new DomainSocketAddress(path.toString()));
			directory.admitWorkers(path);
			socket.listen(BACKLOG);
			HandoffServer server = new HandoffServer(socket, path, loop, listener);
			IoRegistration registration = loop.register(server).syncUninterruptibly().getNow();
			server.registration = registration;
			registration.submit(EpollIoOps.EPOLLIN);
			return server;
		}
		catch (IOException | RuntimeException ex) {
			socket.close();
			throw ex;
		}
	}

	@Override
	public FileDescriptor fd() {
		return this.socket;
	}

	@Override
	public void handle(IoRegistration registration, IoEvent event) {
		try {
			int descriptor = this.socket.accept(this.address);
			while (descriptor >= 0) {
				accepted(new Socket(descriptor));
				descriptor = this.socket.accept(this.address);
			}
		}
		catch (IOException ex) {
			logger.warn("Cannot accept on the hand-off socket: " + ex.getMessage());
			registration.submit(EpollIoOps.EPOLLERR);
			this.loop.schedule(() -> resume(registration), 1, TimeUnit.SECONDS);
		}
	}

	private void resume(IoRegistration registration) {
		if (registration.isValid()) {
			registration.submit(EpollIoOps.EPOLLIN);
		}
	}

	private void accepted(Socket accepted) throws IOException {
		try {
			Peer peer = Peer.of(accepted.intValue(), this.path);
			HandoffGreeting.await(accepted, peer.pid().orElseThrow(), this.loop, this.listener, this.greetings);
		}
		catch (IOException ex) {
			accepted.close();
			logger.warn("Dropped on the hand-off socket: " + ex.getMessage());
		}
	}

	/**
	 * Takes no further connection, on the event loop; those that there are stay.
	 */
	@Override
	public void close() {
		WatchedSocket.close(this.socket, this.registration);
	}

	/**
	 * Hears what workers want of the hand-off socket, on its event loop.
	 */
	public interface Listener extends DescriptorSender.Listener {

		/**
		 * A worker takes the connections of a listener.
		 */
		boolean takes(DescriptorSender sender, int listener);

		/**
		 * A worker gives connections of a listener back.
		 * @return takes them over, or {@code null} to leave them to the worker
		 */
		DescriptorReceiver.@Nullable Listener gives(long peerPid, int listener);

		/**
		 * A worker wants to accept on a listening socket itself.
		 * @return lends one, or {@code null} if there is none to lend
		 */
		default SocketLoan.@Nullable Listener lends(long peerPid, int listener) {
			return null;
		}

	}

}
