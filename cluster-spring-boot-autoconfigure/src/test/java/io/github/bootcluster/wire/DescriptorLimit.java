package io.github.bootcluster.wire;

import java.io.IOException;
import java.io.OutputStream;
import java.lang.management.ManagementFactory;
import java.util.concurrent.TimeUnit;

import com.sun.management.UnixOperatingSystemMXBean;
import org.awaitility.Awaitility;

/**
 * Limit of this process's descriptors, lowered for a while by {@code prlimit}.
 */
final class DescriptorLimit implements AutoCloseable {

	private static final UnixOperatingSystemMXBean SYSTEM = (UnixOperatingSystemMXBean) ManagementFactory
		.getOperatingSystemMXBean();

	private final long usual = SYSTEM.getMaxFileDescriptorCount();

	private final Process tool;

	private DescriptorLimit() throws IOException {
		// One process does both: with no descriptor left, none can be started
		this.tool = new ProcessBuilder("sh", "-c",
				"read low && prlimit --pid %1$d --nofile=$low: && read any; prlimit --pid %1$d --nofile=%2$d:"
					.formatted(ProcessHandle.current().pid(), this.usual))
			.redirectErrorStream(true)
			.start();
	}

	/**
	 * Leaves this process room for few descriptors.
	 * @param free how many
	 * @return the limit
	 * @throws IOException if there is no shell
	 */
	static DescriptorLimit leave(int free) throws IOException {
		DescriptorLimit limit = new DescriptorLimit();
		limit.tell(String.valueOf(SYSTEM.getOpenFileDescriptorCount() + free));
		Awaitility.await().until(() -> SYSTEM.getMaxFileDescriptorCount() != limit.usual);
		return limit;
	}

	private void tell(String line) throws IOException {
		OutputStream input = this.tool.getOutputStream();
		input.write((line + "\n").getBytes());
		input.flush();
	}

	@Override
	public void close() throws Exception {
		tell("back");
		if (!this.tool.waitFor(20, TimeUnit.SECONDS)) {
			throw new IOException("The limit stays low");
		}
	}

}
