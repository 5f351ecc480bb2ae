package io.github.bootcluster.master.listen;

import java.io.BufferedReader;
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

	static int first() {
		// The kernel tells such a value to a single read only, and readString has two
		try (BufferedReader value = Files.newBufferedReader(SETTING)) {
			return Integer.parseInt(value.readLine());
		}
		catch (IOException | NumberFormatException ex) {
			return USUAL;
		}
	}

}
