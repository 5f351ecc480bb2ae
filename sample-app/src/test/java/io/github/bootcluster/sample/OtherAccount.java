package io.github.bootcluster.sample;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;

import org.junit.jupiter.api.Assumptions;

import org.springframework.util.FileSystemUtils;

/**
 * An account without any right, and what it needs to run the sample. Only root can become
 * another account.
 */
final class OtherAccount implements AutoCloseable {

	private static final String[] BECOME = { "setpriv", "--reuid=65534", "--regid=65534", "--clear-groups" };

	private final Path folder;

	private OtherAccount(Path folder) {
		this.folder = folder;
	}

	/**
	 * Looks whether the tests may become the account, and skips the test if not.
	 * @return the account
	 * @throws IOException if no folder can be made for it
	 * @throws InterruptedException if the thread is interrupted
	 */
	static OtherAccount assumeAvailable() throws IOException, InterruptedException {
		Assumptions.assumeTrue(isAvailable(), "Only root can become another account");
		Path java = Path.of(System.getProperty("java.home"), "bin", "java");
		OtherAccount account = new OtherAccount(Files.createTempDirectory("it-account-",
				PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwxr-xr-x"))));
		if (!account.passesTest("-x", java)) {
			account.close();
			Assumptions.abort("Another account cannot run " + java);
		}
		return account;
	}

	private static boolean isAvailable() throws InterruptedException {
		try {
			return run("true") == 0;
		}
		catch (IOException ex) {
			return false;
		}
	}

	/**
	 * Puts what the account shall read where it can.
	 * @param file the file
	 * @return a copy that everybody may read
	 * @throws IOException if it can't be copied
	 */
	Path readableCopy(Path file) throws IOException {
		Path copy = this.folder.resolve(file.getFileName());
		Files.copy(file, copy, StandardCopyOption.REPLACE_EXISTING);
		return Files.setPosixFilePermissions(copy, PosixFilePermissions.fromString("rw-r--r--"));
	}

	/**
	 * Puts a class path where it can be read.
	 * @param classPath the class path
	 * @return a class path of copies that everybody may read
	 * @throws IOException if it can't be copied
	 */
	String readableCopies(String classPath) throws IOException {
		List<String> copies = new ArrayList<>();
		for (String element : classPath.split(File.pathSeparator)) {
			Path original = Path.of(element);
			Path copy = this.folder.resolve(copies.size() + "-" + original.getFileName());
			FileSystemUtils.copyRecursively(original, copy);
			copies.add(copy.toString());
		}
		new ProcessBuilder("chmod", "-R", "a+rX", this.folder.toString()).inheritIO().start().onExit().join();
		return String.join(File.pathSeparator, copies);
	}

	/**
	 * Asks the {@code test} command as the account.
	 * @param question its option
	 * @param path what to ask about
	 * @return its answer
	 * @throws IOException if it can't be asked
	 * @throws InterruptedException if the thread is interrupted
	 */
	boolean passesTest(String question, Path path) throws IOException, InterruptedException {
		return run("test", question, path.toString()) == 0;
	}

	private static int run(String... command) throws IOException, InterruptedException {
		return new ProcessBuilder(becoming(command)).inheritIO().start().waitFor();
	}

	/**
	 * Returns a command that is run as the account.
	 * @param command the command
	 * @return the whole command
	 */
	static String[] becoming(String... command) {
		List<String> whole = new ArrayList<>(List.of(BECOME));
		whole.addAll(List.of(command));
		return whole.toArray(String[]::new);
	}

	Path folder() {
		return this.folder;
	}

	@Override
	public void close() throws IOException {
		FileSystemUtils.deleteRecursively(this.folder);
	}

}
