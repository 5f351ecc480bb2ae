package io.github.bootcluster.wire;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/**
 * One end of a control socket that can say anything, right or wrong.
 */
public final class RawControlSocket implements AutoCloseable {

	private final SocketChannel channel;

	private RawControlSocket(SocketChannel channel) {
		this.channel = channel;
	}

	/**
	 * Connects to a master.
	 * @param path the control socket
	 * @return the connection
	 * @throws IOException if that fails
	 */
	public static RawControlSocket connect(Path path) throws IOException {
		return new RawControlSocket(SocketChannel.open(UnixDomainSocketAddress.of(path)));
	}

	/**
	 * Takes the connection of a worker.
	 * @param server the master's end
	 * @return the connection
	 * @throws IOException if that fails
	 */
	public static RawControlSocket accept(ServerSocketChannel server) throws IOException {
		return new RawControlSocket(server.accept());
	}

	/**
	 * Puts lengths before texts.
	 * @param frames the texts
	 * @return the bytes as they are sent
	 */
	public static byte[] frames(String... frames) {
		ByteArrayOutputStream all = new ByteArrayOutputStream();
		for (String frame : frames) {
			byte[] bytes = frame.getBytes(StandardCharsets.UTF_8);
			all.writeBytes(length(bytes.length));
			all.writeBytes(bytes);
		}
		return all.toByteArray();
	}

	/**
	 * Returns a length as it is sent.
	 * @param length the length
	 * @return four bytes
	 */
	public static byte[] length(int length) {
		return ByteBuffer.allocate(4).putInt(length).array();
	}

	/**
	 * Sends frames in one go.
	 * @param frames what the frames hold
	 * @throws IOException if that fails
	 */
	public void send(String... frames) throws IOException {
		send(frames(frames));
	}

	/**
	 * Sends bytes that may be no frame.
	 * @param bytes the bytes
	 * @throws IOException if that fails
	 */
	public void send(byte[] bytes) throws IOException {
		ByteBuffer buffer = ByteBuffer.wrap(bytes);
		while (buffer.hasRemaining()) {
			this.channel.write(buffer);
		}
	}

	/**
	 * Waits for a frame.
	 * @return what it holds
	 * @throws EOFException if the other end has closed the connection instead
	 * @throws IOException if that fails
	 */
	public String receive() throws IOException {
		DataInputStream in = new DataInputStream(Channels.newInputStream(this.channel));
		return new String(in.readNBytes(in.readInt()), StandardCharsets.UTF_8);
	}

	/**
	 * Waits until the other end closes the connection.
	 */
	public void awaitEnd() {
		try {
			ByteBuffer buffer = ByteBuffer.allocate(1024);
			while (this.channel.read(buffer) >= 0) {
				buffer.clear();
			}
		}
		catch (IOException ex) {
			// Reset, as the other end had not read all that was sent
		}
	}

	@Override
	public void close() throws IOException {
		this.channel.close();
	}

}
