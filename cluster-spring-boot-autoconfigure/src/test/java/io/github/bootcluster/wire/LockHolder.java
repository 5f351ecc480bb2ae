package io.github.bootcluster.wire;

import java.nio.file.Path;

/**
 * Another process that owns a folder for sockets until it is told to end.
 */
public final class LockHolder {

	private LockHolder() {
	}

	public static void main(String[] arguments) throws Exception {
		System.out.println(SocketDirectory.create(Path.of(arguments[0])).path());
		while (System.in.read() >= 0) {
			// Waits for the end of its input
		}
		Runtime.getRuntime().halt(0);
	}

}
