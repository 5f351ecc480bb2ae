package io.github.bootcluster.sample;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

import org.springframework.util.unit.DataSize;

/**
 * What the kernel tells of a process.
 */
final class ProcessProbe {

	private ProcessProbe() {
	}

	/**
	 * Returns how many file descriptors a process has open.
	 * @param pid the process
	 * @return the number of descriptors
	 * @throws IOException if the process is gone
	 */
	static long openDescriptors(long pid) throws IOException {
		try (Stream<Path> descriptors = Files.list(Path.of("/proc", Long.toString(pid), "fd"))) {
			return descriptors.count();
		}
	}

	/**
	 * Returns how much memory of a process is resident.
	 * @param pid the process
	 * @return the size
	 * @throws IOException if the process is gone
	 */
	static DataSize residentMemory(long pid) throws IOException {
		for (String line : Files.readAllLines(Path.of("/proc", Long.toString(pid), "status"))) {
			if (line.startsWith("VmRSS:")) {
				return DataSize.ofKilobytes(Long.parseLong(line.replaceAll("\\D", "")));
			}
		}
		throw new IOException("Process " + pid + " has ended");
	}

}
