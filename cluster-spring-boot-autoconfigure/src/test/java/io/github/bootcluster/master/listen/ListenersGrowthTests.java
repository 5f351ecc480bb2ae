package io.github.bootcluster.master.listen;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

import io.github.bootcluster.wire.Frame;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Promises that listeners of a master that lives long need no more over time.
 */
class ListenersGrowthTests extends ListenersFixture {

	private static final int RESTARTS = 50;

	private int last = 1;

	@Test
	void restartsLeaveNoDescriptorAndNoThread() throws Exception {
		Frame.Listening listening = listen(LOOPBACK, 0);
		worker(this.last, listening);
		// What is there once, however many follow
		replace(listening);
		long descriptors = descriptors();
		int threads = ManagementFactory.getThreadMXBean().getThreadCount();
		for (int i = 0; i < RESTARTS; i++) {
			replace(listening);
		}
		assertThat(descriptors()).isLessThanOrEqualTo(descriptors);
		assertThat(ManagementFactory.getThreadMXBean().getThreadCount()).isLessThanOrEqualTo(threads);
	}

	private void replace(Frame.Listening listening) throws Exception {
		int old = this.last++;
		Frame again = ask(this.last, new Frame.Listen(++this.lastRequest, LOOPBACK, 0, 0, 1024));
		assertThat(((Frame.Listening) again).port()).isEqualTo(listening.port());
		worker(this.last, listening);
		this.listeners.withhold(old);
		awaitLoop();
		assertThat(ask(listening)).isEqualTo(Integer.toString(this.last));
		this.clients.remove(0).close();
		this.workers.remove(0).close();
		this.listeners.unregister(old);
		awaitLoop();
	}

	private static long descriptors() throws IOException {
		try (Stream<Path> open = Files.list(Path.of("/proc/self/fd"))) {
			return open.count();
		}
	}

}
