package io.github.bootcluster.worker.netty;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;

import io.github.bootcluster.wire.TestHandoffMaster;
import io.github.bootcluster.worker.MasterConnection;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import reactor.netty.resources.LoopResources;

/**
 * A worker whose servers are to be tested, and its master, in the same process.
 */
abstract class WorkerFixture {

	@TempDir
	Path base;

	final LoopResources loops = LoopResources.create("test-worker", 1, true);

	final NettyConnections connections = new NettyConnections(0, new TransportDrain());

	TestHandoffMaster master;

	MasterConnection connection;

	@BeforeEach
	void openMaster() throws IOException {
		this.master = new TestHandoffMaster(this.base);
		this.connection = MasterConnection.open(this.master.identity(), "test");
	}

	@AfterEach
	void closeMaster() throws Exception {
		this.loops.disposeLater(Duration.ZERO, Duration.ofSeconds(20)).block(Duration.ofSeconds(20));
		this.master.close();
	}

	/**
	 * Returns event loops whose servers get their connections from the master.
	 */
	LoopResources resources() {
		return new ClusterLoopResources(this.loops, () -> this.connection, () -> this.connections);
	}

}
