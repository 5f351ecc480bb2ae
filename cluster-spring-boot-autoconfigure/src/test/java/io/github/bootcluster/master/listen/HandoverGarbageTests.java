package io.github.bootcluster.master.listen;

import java.lang.management.ManagementFactory;
import java.util.concurrent.TimeUnit;

import com.sun.management.ThreadMXBean;
import io.github.bootcluster.ClusterWorker;
import io.github.bootcluster.wire.Frame;
import io.github.bootcluster.wire.TestHandoffWorker;
import io.github.bootcluster.wire.Transport;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.IoEventLoop;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Promises on the garbage that connections leave in the master.
 */
class HandoverGarbageTests extends ListenersFixture {

	private static final int CONNECTIONS = 2000;

	private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

	private final EventLoopGroup workerLoops = Transport.EPOLL.newEventLoop("test-worker");

	@AfterEach
	void end() throws Exception {
		this.workers.forEach(TestHandoffWorker::close);
		this.workers.clear();
		this.workerLoops.shutdownGracefully(0, 20, TimeUnit.SECONDS).await();
	}

	@Test
	void connectionThatIsHandedOverLeavesLessThan64Bytes() throws Exception {
		Frame.Listening listening = listen(LOOPBACK, 0);
		for (int worker = 1; worker <= 3; worker++) {
			this.listeners.register(worker, ClusterWorker.DEFAULT_GROUP, worker, OWN_PID, 0);
			this.workers.add(new TestHandoffWorker("x", this.directory, listening.listener(),
					(IoEventLoop) this.workerLoops.next()));
			awaitLoop();
			this.listeners.admit(worker);
			awaitLoop();
		}
		long thread = this.loop.submit(() -> Thread.currentThread().getId()).get();
		handOver(listening);
		long before = THREADS.getThreadAllocatedBytes(thread);
		handOver(listening);
		long perConnection = (THREADS.getThreadAllocatedBytes(thread) - before) / CONNECTIONS;
		assertThat(perConnection).isLessThan(64);
	}

	private void handOver(Frame.Listening listening) throws Exception {
		for (int i = 0; i < CONNECTIONS; i++) {
			assertThat(ask(listening)).isEqualTo("x");
			this.clients.remove(0).close();
		}
	}

}
