package io.github.bootcluster.master.listen;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Ports that any account may bind.
 */
final class UnprivilegedPorts {

	private static final Path SETTING = Path.of("/proc/sys/net/ipv4/ip_unprivileged_port_start");

	private static final int USUAL = 1024;

	private UnprivilegedPorts() {
	}

	static boolean contains(int port) {
		return port == 0 || port >= first();
	}

	private static int first() {
		try {
			return Integer.parseInt(Files.readString(SETTING).trim());
		}
		catch (IOException | NumberFormatException ex) {
			return USUAL;
		}
	}

}
