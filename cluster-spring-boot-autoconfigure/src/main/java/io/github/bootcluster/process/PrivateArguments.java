package io.github.bootcluster.process;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

import io.github.bootcluster.file.FreeSpace;
import org.jspecify.annotations.Nullable;

/**
 * Keeps what may be secret out of the command lines of workers. It is in a file that the
 * workers' account alone can read, until the worker has read it.
 */
final class PrivateArguments {

	private static final int LONGEST_NAME = 100;

	private final @Nullable Path folder;

	private final @Nullable AccountSwitch account;

	private final Consumer<String> problems;

	private final AtomicLong count = new AtomicLong();

	/**
	 * Creates the way to hand over arguments.
	 * @param folder where to put files, or {@code null} to leave all on the command lines
	 * @param account the account of the workers, or {@code null} if it is the master's
	 */
	PrivateArguments(@Nullable Path folder, @Nullable AccountSwitch account, Consumer<String> problems) {
		this.folder = folder;
		this.account = account;
		this.problems = problems;
	}

	/**
	 * Writes the file of a worker.
	 * @return the file, or {@code null} if the command line has it all
	 */
	@Nullable Path write(LaunchRequest request) throws IOException {
		if (this.folder == null) {
			return null;
		}
		byte[] content = ArgumentFile.format(request.command().hidden()).getBytes(NativeCharset.get());
		Path file = this.folder
			.resolve("%s.%d.%s".formatted(request.name(), this.count.incrementAndGet(), program(request.command())));
		boolean written = false;
		try {
			write(file, content);
			written = true;
			return file;
		}
		catch (IOException ex) {
			String problem = FreeSpace.isLess(this.folder, content.length) ? ", which has no space left"
					: ": " + reason(ex);
			throw new IOException("its arguments cannot be written to '%s'%s".formatted(this.folder, problem), ex);
		}
		finally {
			if (!written) {
				// It may hold a part of what is secret
				delete(file);
			}
		}
	}

	private void write(Path file, byte[] content) throws IOException {
		Files.createFile(file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
		Files.write(file, content);
		if (this.account != null) {
			Files.setAttribute(file, "unix:uid", this.account.account().uid());
		}
		Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("r--------"));
	}

	private static String reason(IOException ex) {
		String reason = (ex instanceof FileSystemException failure) ? failure.getReason() : ex.getMessage();
		return (reason != null) ? reason : ex.toString();
	}

	/**
	 * Names the program, so that it is seen on the command line.
	 * @return the name of its JAR or its main class
	 */
	private static String program(JvmCommand command) {
		List<String> main = command.main();
		String name = command.jar()
			.map((jar) -> String.valueOf(jar.getFileName()))
			.orElse(main.get(main.size() - 1).replaceAll(".*[/=]", ""));
		String clean = name.replaceAll("[^A-Za-z0-9._-]", "_");
		return clean.substring(0, Math.min(clean.length(), LONGEST_NAME));
	}

	/**
	 * Deletes the file of a worker.
	 * @param file the file, or {@code null} if there is none
	 */
	void delete(@Nullable Path file) {
		if (file != null) {
			try {
				Files.deleteIfExists(file);
			}
			catch (IOException ex) {
				this.problems.accept("The arguments of a worker stay in '%s': %s".formatted(file, ex));
			}
		}
	}

}
