package io.github.bootcluster.wire;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;

import io.netty.channel.ChannelException;
import io.netty.channel.unix.DomainSocketAddress;
import io.netty.channel.unix.Socket;

/**
 * Puts a connection and what has been read from it into one descriptor: the end of a Unix
 * socket in which both lie. It can be sent, refused and given to another worker like a
 * bare connection. It owns the socket that such ends come from. Not safe for use by
 * several threads.
 */
public final class Envelopes implements Closeable {

	private final Path path;

	private final DomainSocketAddress address;

	private final Socket server;

	private final byte[] peer = new byte[128];

	private Envelopes(Path path, DomainSocketAddress address, Socket server) {
		this.path = path;
		this.address = address;
		this.server = server;
	}

	/**
	 * Prepares to make envelopes.
	 * @throws IOException if its socket cannot be bound
	 */
	public static Envelopes open(SocketDirectory directory) throws IOException {
		Path path = directory.control().resolveSibling("envelopes.sock");
		DomainSocketAddress address = new DomainSocketAddress(path.toString());
		Socket server = Socket.newSocketDomain();
		try {
			server.bind(address);
			server.listen(1);
			return new Envelopes(path, address, server);
		}
		catch (IOException | RuntimeException ex) {
			server.close();
			throw ex;
		}
	}

	/**
	 * Puts a connection into an envelope.
	 * @param connection the connection's descriptor, taken over unless this fails
	 * @param beginning what has been read from it, a direct buffer of at most a few
	 * kilobytes, from 0 to its limit
	 * @return the envelope's descriptor, which belongs to the caller
	 * @throws IOException if there is no descriptor left, or too many are on their way
	 */
	public int seal(int connection, ByteBuffer beginning) throws IOException {
		Socket inside = Sockets.openUnix();
		int envelope = -1;
		try {
			inside.connect(this.address);
			envelope = accept();
			if (inside.sendFd(connection) < 0) {
				throw new IOException("The envelope does not take the connection");
			}
			if (beginning.limit() > 0 && inside.write(beginning, 0, beginning.limit()) != beginning.limit()) {
				throw new IOException("The envelope does not take what was read");
			}
		}
		catch (IOException | RuntimeException ex) {
			if (envelope >= 0) {
				DescriptorQueue.release(envelope);
			}
			throw ex;
		}
		finally {
			inside.close();
		}
		DescriptorQueue.release(connection);
		return envelope;
	}

	/**
	 * Accepts the connection that this process has just made, and turns others away.
	 */
	private int accept() throws IOException {
		while (true) {
			int accepted = this.server.accept(this.peer);
			if (accepted < 0) {
				throw new IOException("No envelope has come");
			}
			if (isOwn(accepted)) {
				return accepted;
			}
			DescriptorQueue.release(accepted);
		}
	}

	private boolean isOwn(int accepted) throws IOException {
		try {
			return Peer.of(accepted, this.path).pid().orElse(-1) == ProcessHandle.current().pid();
		}
		catch (UnauthorizedPeerException ex) {
			return false;
		}
	}

	/**
	 * Takes a connection out of its envelope, which is closed whatever happens.
	 * @param envelope the envelope's descriptor, taken over
	 * @param beginning gets what has been read from the connection, from 0 to its limit
	 * @return the connection's descriptor, which belongs to the caller
	 * @throws IOException if there is none in it, or no descriptor left for it
	 */
	public static int unseal(int envelope, ByteBuffer beginning) throws IOException {
		Socket socket;
		try {
			socket = new Socket(envelope);
		}
		catch (ChannelException ex) {
			DescriptorQueue.release(envelope);
			throw new IOException("This is no envelope", ex);
		}
		try {
			int connection = socket.recvFd();
			if (connection <= 0) {
				throw new IOException("The envelope is empty");
			}
			int length = 0;
			int count;
			// The other end is closed, so that nothing is still to come
			while ((count = socket.recv(beginning.clear(), length, beginning.capacity())) > 0) {
				length += count;
			}
			beginning.limit(length);
			return connection;
		}
		finally {
			socket.close();
		}
	}

	@Override
	public void close() {
		WatchedSocket.close(this.server, null);
	}

}
