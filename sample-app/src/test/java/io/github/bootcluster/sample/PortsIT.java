package io.github.bootcluster.sample;

import java.io.InputStream;
import java.io.OutputStream;
import java.net.BindException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;

import io.github.bootcluster.apps.grpc.GrpcApplication;
import io.github.bootcluster.apps.grpc.PortAgent;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Promises on ports that are not the web server's: only one process can have each, and
 * the second process says which one has it.
 */
class PortsIT {

	private static final InetAddress LOOPBACK = InetAddress.getLoopbackAddress();

	@TempDir
	private Path folder;

	@Test
	void secondWorkerTellsWhoHasItsFixedPort() throws Exception {
		int port = FreePorts.find(LOOPBACK);
		try (ClusterProcess process = ClusterProcess.named("ports-grpc")
			.workers(2)
			.target(TestApplication.target(GrpcApplication.class, TestApplication.Library.GRPC))
			.args("--grpc.port=" + port)
			.start()) {
			process.awaitLine(
					"exited with code 1, as worker 1 \\(slot 1\\) listens on port %d: give each slot its own, such as 909\\$\\{cluster.worker.slot} in the application's configuration"
						.formatted(port));
		}
	}

	@Test
	void agentThatTheMasterHasIsToldAndGoesToTheWorkersByTheirSlots() throws Exception {
		Path agent = agent("other-agent.jar");
		int port = FreePorts.find(LOOPBACK);
		try (ClusterProcess process = ClusterProcess.named("ports-agent")
			.workers(2)
			.jvmArgs("-javaagent:%s=%d:config.yaml".formatted(agent, port))
			.start()) {
			assertThat(process.exitCode()).isOne();
			process.awaitLine(
					"The first worker of the cluster did not become ready: .*, as the master listens on port %d: .*cluster.worker.inherit-jvm-args=false"
						.formatted(port));
		}
		Path known = agent("jmx_prometheus_javaagent-1.0.jar");
		int ten = tenFreePorts();
		int base = tenFreePorts();
		try (ClusterProcess process = ClusterProcess.named("ports-by-slot")
			.workers(2)
			.target(TestApplication.target(GrpcApplication.class, TestApplication.Library.GRPC))
			.jvmArgs("-javaagent:%s=%d:config.yaml".formatted(known, port))
			.args("--grpc.port=%d${cluster.worker.slot}".formatted(ten),
					"--cluster.worker.jvm-args=-Dsample.pair=a,b -javaagent:%s=%d%%{slot}:config.yaml".formatted(known,
							base))
			.startReady()) {
			process.awaitLine("WARN .*'-javaagent:%s=%d:config.yaml' listens on a port, which only one process can"
				.formatted(known, port));
			for (int slot = 1; slot <= 2; slot++) {
				new Socket(LOOPBACK, Integer.parseInt("" + ten + slot)).close();
				new Socket(LOOPBACK, Integer.parseInt("" + base + slot)).close();
			}
			assertThat(process.workers())
				.allSatisfy((pid) -> assertThat(ProcessProbe.commandLine(pid)).contains("-Dsample.pair=a,b"));
		}
	}

	/**
	 * Finds ports that only differ in their last digit.
	 * @return what comes before the digits 1 and 2
	 */
	private static int tenFreePorts() throws Exception {
		while (true) {
			int ten = FreePorts.find(LOOPBACK) / 10;
			try (ServerSocket first = new ServerSocket(ten * 10 + 1);
					ServerSocket second = new ServerSocket(ten * 10 + 2)) {
				assertThat(first.isBound() && second.isBound()).isTrue();
				return ten;
			}
			catch (BindException ex) {
				// Others are free
			}
		}
	}

	private Path agent(String name) throws Exception {
		Path jar = this.folder.resolve(name);
		Manifest manifest = new Manifest();
		manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
		manifest.getMainAttributes().put(new Attributes.Name("Premain-Class"), PortAgent.class.getName());
		String entry = PortAgent.class.getName().replace('.', '/') + ".class";
		try (OutputStream file = Files.newOutputStream(jar);
				JarOutputStream output = new JarOutputStream(file, manifest);
				InputStream content = PortAgent.class.getClassLoader().getResourceAsStream(entry)) {
			output.putNextEntry(new JarEntry(entry));
			assertThat(content).isNotNull().satisfies((bytes) -> bytes.transferTo(output));
			output.closeEntry();
		}
		return jar;
	}

}
