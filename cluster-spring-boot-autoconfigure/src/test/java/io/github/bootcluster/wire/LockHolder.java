package io.github.bootcluster.wire;

import java.io.Closeable;
import java.nio.file.Path;

/**
 * Another process that owns a folder for sockets, or holds somebody else's, until it is
 * told to end.
 */
public final class LockHolder {

	private LockHolder() {
	}

	public static void main(String[] arguments) throws Exception {
		Path path = Path.of(arguments[0]);
		Closeable hold = (arguments.length > 1) ? SocketDirectory.hold(path) : SocketDirectory.create(path);
		System.out.println((hold instanceof SocketDirectory directory) ? directory.path() : "held");
		while (System.in.read() >= 0) {
			// Waits for the end of its input
		}
		Runtime.getRuntime().halt(0);
	}

}
