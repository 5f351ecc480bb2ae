package io.github.bootcluster.wire;

import java.io.IOException;
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

/**
 * The Unix socket to which workers connect for descriptors. It owns its own descriptor;
 * those that it accepts belong to a {@link DescriptorSender} each.
 */
public final class HandoffServer implements EpollIoHandle {

	private static final Log logger = LogFactory.getLog(HandoffServer.class);

	private static final int BACKLOG = 128;

	private final Socket socket;

	private final SocketDirectory directory;

	private final IoEventLoop loop;

	private final DescriptorSender.Listener listener;

	private final byte[] address = new byte[128];

	private HandoffServer(Socket socket, SocketDirectory directory, IoEventLoop loop,
			DescriptorSender.Listener listener) {
		this.socket = socket;
		this.directory = directory;
		this.loop = loop;
		this.listener = listener;
	}

	/**
	 * Begins to take hand-off connections.
	 * @param directory the folder of the sockets
	 * @param loop the event loop that serves all connections
	 * @param listener hears what comes
	 * @return the server
	 * @throws IOException if the socket cannot be bound
	 */
	public static HandoffServer open(SocketDirectory directory, IoEventLoop loop, DescriptorSender.Listener listener)
			throws IOException {
		Socket socket = Socket.newSocketDomain();
		try {
			socket.bind(new DomainSocketAddress(SocketDirectory.handoff(directory.control()).toString()));
			socket.listen(BACKLOG);
			HandoffServer server = new HandoffServer(socket, directory, loop, listener);
			loop.register(server).syncUninterruptibly().getNow().submit(EpollIoOps.EPOLLIN);
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
			this.loop.schedule(() -> registration.submit(EpollIoOps.EPOLLIN), 1, TimeUnit.SECONDS);
		}
	}

	private void accepted(Socket accepted) throws IOException {
		try {
			Peer peer = Peer.of(accepted.intValue(), this.directory.path());
			DescriptorSender sender = new DescriptorSender(accepted, peer.pid().orElseThrow(), this.loop,
					this.listener);
			this.loop.register(sender).addListener((future) -> {
				if (future.isSuccess()) {
					sender.start((IoRegistration) future.getNow());
				}
				else {
					sender.close();
				}
			});
		}
		catch (IOException ex) {
			accepted.close();
			logger.warn("Dropped on the hand-off socket: " + ex.getMessage());
		}
	}

	/**
	 * Takes no further connection; those that there are stay.
	 * @throws IOException if closing fails
	 */
	@Override
	public void close() throws IOException {
		this.socket.close();
	}

}
