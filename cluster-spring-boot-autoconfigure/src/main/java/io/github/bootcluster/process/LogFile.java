package io.github.bootcluster.process;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import java.util.function.Consumer;

import io.github.bootcluster.file.WriteFailures;
import org.jspecify.annotations.Nullable;

/**
 * Appends lines to a log that is its owner's alone. Others may append to the same one:
 * the kernel puts what is written by one call at the end and in one piece. The log may be
 * rotated: one that is emptied goes on at its beginning, and one that is renamed or
 * deleted is made anew. If it cannot be written, for want of space for example, lines are
 * lost until it can, and their number is told in their place.
 */
final class LogFile implements LineSink {

	private static final FileAttribute<?> OWNERS_ALONE = PosixFilePermissions
		.asFileAttribute(PosixFilePermissions.fromString("rw-------"));

	private static final Set<StandardOpenOption> APPEND = Set.of(StandardOpenOption.CREATE, StandardOpenOption.APPEND);

	private final Path file;

	private final Consumer<String> problems;

	private @Nullable FileChannel channel;

	private @Nullable Object key;

	private long lost;

	/**
	 * Whether the last line in the file was broken off.
	 */
	private boolean torn;

	/**
	 * Creates a log that is opened for its first line.
	 */
	LogFile(Path file, Consumer<String> problems) {
		this.file = file;
		this.problems = problems;
	}

	@Override
	public void write(byte[] bytes, int length) {
		try {
			FileChannel open = open();
			if (this.torn || this.lost > 0) {
				append(open, notice());
				this.torn = false;
				this.problems.accept("'%s' can be written again, %d lines are lost".formatted(this.file, this.lost));
				this.lost = 0;
			}
			append(open, ByteBuffer.wrap(bytes, 0, length));
		}
		catch (IOException ex) {
			if (this.lost == 0) {
				this.problems
					.accept("'%s' cannot be written, lines are lost until it can: %s".formatted(this.file, reason(ex)));
			}
			this.lost += countLines(bytes, length);
		}
	}

	private ByteBuffer notice() {
		return ByteBuffer.wrap(
				"%s(%d lines are lost, as this file could not be written)\n".formatted(this.torn ? "\n" : "", this.lost)
					.getBytes(StandardCharsets.UTF_8));
	}

	private FileChannel open() throws IOException {
		FileChannel current = this.channel;
		Object found = key();
		if (current != null && found != null && found.equals(this.key)) {
			return current;
		}
		FileChannel opened = FileChannel.open(this.file, APPEND, OWNERS_ALONE);
		close();
		this.channel = opened;
		this.key = key();
		this.torn = false;
		return opened;
	}

	/**
	 * Finds out which file has the name now. That takes no descriptor: a master that has
	 * none left goes on with the file that it has.
	 * @return the file's identity, or {@code null} if there is none
	 */
	private @Nullable Object key() {
		try {
			return Files.readAttributes(this.file, BasicFileAttributes.class).fileKey();
		}
		catch (IOException ex) {
			return null;
		}
	}

	private void append(FileChannel open, ByteBuffer bytes) throws IOException {
		int start = bytes.position();
		try {
			while (bytes.hasRemaining()) {
				open.write(bytes);
			}
		}
		finally {
			this.torn |= bytes.hasRemaining() && bytes.position() > start;
		}
	}

	private static long countLines(byte[] bytes, int length) {
		long lines = 0;
		for (int i = 0; i < length; i++) {
			if (bytes[i] == '\n') {
				lines++;
			}
		}
		return lines;
	}

	private static String reason(IOException ex) {
		return WriteFailures.describe(ex);
	}

	@Override
	public void close() throws IOException {
		FileChannel current = this.channel;
		this.channel = null;
		if (current != null) {
			current.close();
		}
	}

}
