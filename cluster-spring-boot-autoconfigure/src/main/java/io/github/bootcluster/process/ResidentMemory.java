package io.github.bootcluster.process;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalLong;

/**
 * Reads from {@code /proc} how much memory a process has resident, shared pages included.
 * The file is read rather than {@code smaps_rollup}, whose figures cost the kernel a walk
 * through all pages of the process.
 */
final class ResidentMemory {

	private static final String FIELD = "VmRSS:";

	private static final int KIBI = 1024;

	private ResidentMemory() {
	}

	static OptionalLong of(long pid) {
		try {
			return parse(Files.readString(Path.of("/proc", Long.toString(pid), "status"), StandardCharsets.ISO_8859_1));
		}
		catch (IOException | RuntimeException ex) {
			return OptionalLong.empty();
		}
	}

	static OptionalLong parse(String status) {
		return status.lines()
			.filter((line) -> line.startsWith(FIELD))
			.map((line) -> line.substring(FIELD.length()).trim().split(" ")[0])
			.mapToLong((kibibytes) -> Long.parseLong(kibibytes) * KIBI)
			.findFirst();
	}

}
