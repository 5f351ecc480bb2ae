package io.github.bootcluster.process;

import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.List;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Promises on what is found out about a port that was taken, with real sockets.
 */
class PortConflictsTests {

	private static final long SELF = ProcessHandle.current().pid();

	@Test
	void holderOfThePortThatTheLinesTellIsFound() throws Exception {
		try (ServerSocket taken = new ServerSocket(0)) {
			int port = taken.getLocalPort();
			for (String line : List.of("Web server failed to start. Port %d was already in use.",
					"Caused by: java.io.IOException: Failed to bind to address 0.0.0.0/0.0.0.0:%d: Address already in use",
					"Exception opening port \"%d\" (port may be in use), cause: \"java.net.BindException\" [90061-240]",
					"java.net.BindException: Address already in use: /[0:0:0:0:0:0:0:0]:%d")) {
				assertThat(find(List.of("before", line.formatted(port), "\tat a.B.c(B.java:12345)"), List.of()))
					.isEqualTo(new PortConflict(port, SELF, "java"));
			}
			assertThat(find(List.of("Failed to bind to address localhost/127.0.0.1:" + port,
					"Caused by: bind(..) failed with error(-98): Address already in use"), List.of()))
				.isEqualTo(new PortConflict(port, SELF, "java"));
		}
	}

	@Test
	void portThatNobodyTellsIsLookedForAmongTheOptions() throws Exception {
		List<String> lines = List.of("Caused by: java.net.BindException: Address already in use",
				"FATAL ERROR in native method: processing of -javaagent failed, processJavaStart failed");
		try (ServerSocket taken = new ServerSocket(0)) {
			assertThat(find(lines,
					List.of("-Xmx1024m",
							"-javaagent:/opt/agent-1.0.jar=%d:config.yaml".formatted(taken.getLocalPort()))))
				.isEqualTo(new PortConflict(taken.getLocalPort(), SELF, "java"));
			assertThat(find(lines, List.of("--grpc.port=" + taken.getLocalPort())))
				.isEqualTo(new PortConflict(taken.getLocalPort(), SELF, "java"));
		}
		assertThat(find(lines, List.of())).isEqualTo(new PortConflict(0, 0, null));
	}

	@Test
	void holderThatHasGoneIsNobody() throws Exception {
		int port;
		try (ServerSocket gone = new ServerSocket(0)) {
			port = gone.getLocalPort();
		}
		assertThat(find(List.of("Port %d was already in use.".formatted(port)), List.of()))
			.isEqualTo(new PortConflict(port, 0, null));
	}

	@Test
	void otherFailuresAreNoConflict() {
		assertThat(find(List.of("Netty started on port 8080", "java.lang.IllegalStateException: port 8080"),
				List.of("--server.port=8080")))
			.isNull();
	}

	private static @Nullable PortConflict find(List<String> lines, List<String> options) {
		return new PortConflicts(Path.of("/proc")).find(lines, options, List.of(SELF));
	}

}
