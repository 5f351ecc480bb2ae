package io.github.bootcluster.wire;

import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

import io.netty.channel.IoEventLoop;
import io.netty.channel.unix.Socket;
import org.jspecify.annotations.Nullable;

/**
 * The hand-off part of a worker, which answers each connection with its own name and
 * closes it, or, hung, takes none.
 */
public final class TestHandoffWorker implements AutoCloseable {

	private final String name;

	private final SocketDirectory directory;

	private final int listener;

	private final IoEventLoop loop;

	private final BlockingQueue<Boolean> ended = new LinkedBlockingQueue<>();

	private final BlockingQueue<Boolean> returned = new LinkedBlockingQueue<>();

	private final DescriptorReceiver receiver;

	private @Nullable BorrowedSocket borrowed;

	public TestHandoffWorker(String name, SocketDirectory directory, int listener, IoEventLoop loop)
			throws IOException {
		this.name = name;
		this.directory = directory;
		this.listener = listener;
		this.loop = loop;
		this.receiver = DescriptorReceiver.connect(SocketDirectory.handoff(directory.control()), listener, 0,
				new DescriptorReceiver.Listener() {

					@Override
					public void received(DescriptorReceiver receiver, int[] descriptors, int count) {
						for (int i = 0; i < count; i++) {
							answer(new Socket(descriptors[i]), TestHandoffWorker.this.name);
						}
					}

					@Override
					public void ended() {
						TestHandoffWorker.this.ended.add(true);
					}

				});
		this.receiver.setReading(true);
		this.receiver.register(loop);
	}

	private static void answer(Socket connection, String name) {
		byte[] bytes = name.getBytes(StandardCharsets.UTF_8);
		try {
			connection.write(ByteBuffer.allocateDirect(bytes.length).put(0, bytes), 0, bytes.length);
			connection.shutdown(false, true);
			connection.close();
		}
		catch (IOException ex) {
			throw new IllegalStateException(ex);
		}
	}

	/**
	 * Wants to accept connections itself. Such a connection gets this worker's name with
	 * a star.
	 * @return this worker
	 * @throws IOException if there is no master
	 */
	public TestHandoffWorker borrow() throws IOException {
		BorrowedSocket asked = BorrowedSocket.ask(SocketDirectory.handoff(this.directory.control()), this.listener,
				new BorrowedSocket.Listener() {

					@Override
					public void accepted(int descriptor) {
						answer(new Socket(descriptor), TestHandoffWorker.this.name + "*");
					}

					@Override
					public void ended(@Nullable IOException failure) {
						TestHandoffWorker.this.returned.add(failure == null);
					}

				});
		this.borrowed = asked;
		this.loop.submit(() -> {
			asked.setAccepting(true);
			asked.register(this.loop);
		}).syncUninterruptibly();
		return this;
	}

	/**
	 * Waits until the master takes back what it has lent.
	 * @return whether it did so
	 */
	public boolean awaitReturn() throws InterruptedException {
		return Boolean.TRUE.equals(this.returned.poll(20, TimeUnit.SECONDS));
	}

	/**
	 * Tells the master that it leaves connections to others for now.
	 */
	public void pause() {
		BorrowedSocket current = this.borrowed;
		if (current != null) {
			this.loop.submit(() -> current.setAccepting(false)).syncUninterruptibly();
		}
	}

	/**
	 * Takes no connection from now on, like a process that is stopped.
	 * @return this worker
	 */
	public TestHandoffWorker hang() {
		this.loop.submit(() -> this.receiver.setReading(false)).syncUninterruptibly();
		return this;
	}

	public boolean awaitEnd() throws InterruptedException {
		return this.ended.poll(20, TimeUnit.SECONDS) != null;
	}

	@Override
	public void close() {
		this.loop.submit(() -> {
			this.receiver.close();
			if (this.borrowed != null) {
				this.borrowed.close();
			}
		}).syncUninterruptibly();
	}

	/**
	 * Greets a master and does nothing more.
	 * @param directory the folder of the sockets
	 * @param listener the number of the listener to ask for
	 * @return the connection
	 * @throws IOException if there is no master
	 */
	public static SocketChannel greet(SocketDirectory directory, int listener) throws IOException {
		SocketChannel channel = SocketChannel
			.open(UnixDomainSocketAddress.of(SocketDirectory.handoff(directory.control())));
		channel.write(ByteBuffer.allocate(2 * Integer.BYTES).putInt(0, listener));
		return channel;
	}

}
