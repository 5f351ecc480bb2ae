package io.github.bootcluster.wire;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

import io.netty.channel.epoll.Epoll;
import io.netty.channel.unix.FileDescriptor;

/**
 * Real descriptors, and what the kernel knows of them.
 */
public final class Descriptors {

	private static final Path OWN = Path.of("/proc/self/fd");

	static {
		Epoll.ensureAvailability();
	}

	private Descriptors() {
	}

	/**
	 * Opens a pipe and closes one of its ends.
	 * @return the descriptor of the end that is left, the only one to the pipe
	 */
	public static int open() {
		try {
			FileDescriptor[] pipe = FileDescriptor.pipe();
			pipe[1].close();
			return pipe[0].intValue();
		}
		catch (IOException ex) {
			throw new IllegalStateException(ex);
		}
	}

	/**
	 * Tells what a descriptor leads to.
	 * @param descriptor the descriptor
	 * @return the kernel's name of it, the same for all copies
	 */
	public static String target(int descriptor) {
		try {
			return Files.readSymbolicLink(OWN.resolve(String.valueOf(descriptor))).toString();
		}
		catch (IOException ex) {
			return "nothing";
		}
	}

	/**
	 * Returns how many descriptors of this process lead to the same.
	 * @param target what they lead to
	 * @return the number of copies
	 */
	public static int copies(String target) {
		return (int) targets().stream().filter(target::equals).count();
	}

	public static void close(int descriptor) {
		DescriptorQueue.release(descriptor);
	}

	private static List<String> targets() {
		List<String> targets = new ArrayList<>();
		try (Stream<Path> all = Files.list(OWN)) {
			all.forEach((path) -> targets.add(target(Integer.parseInt(path.getFileName().toString()))));
		}
		catch (IOException ex) {
			throw new IllegalStateException(ex);
		}
		return targets;
	}

}
