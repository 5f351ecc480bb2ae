package io.github.bootcluster.process;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.ClosedByInterruptException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Enumeration;
import java.util.List;
import java.util.jar.Attributes;
import java.util.jar.JarFile;
import java.util.jar.Manifest;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipFile;

/**
 * Tells whether a JAR is whole and can be run.
 */
final class JarCheck {

	private JarCheck() {
	}

	/**
	 * Reads the manifest of a JAR.
	 * @return its main attributes, none if it has no manifest
	 */
	static Attributes manifest(Path jar) throws IOException {
		try (ZipFile zip = open(jar)) {
			ZipEntry entry = zip.getEntry(JarFile.MANIFEST_NAME);
			return (entry != null) ? new Manifest(zip.getInputStream(entry)).getMainAttributes() : new Attributes();
		}
		catch (IOException ex) {
			throw invalid(ex);
		}
	}

	private static ZipFile open(Path jar) throws IOException {
		// Opens it first as a file, for the exceptions that tell what is wrong with that
		Files.newInputStream(jar).close();
		return new ZipFile(jar.toFile());
	}

	private static IOException invalid(IOException ex) {
		return (ex instanceof ZipException || ex instanceof EOFException) ? new InvalidJarException(
				"it is no whole JAR (%s); it may be damaged, or not have been written to its end"
					.formatted(ex.getMessage()),
				ex) : ex;
	}

	/**
	 * Reads a JAR to the end.
	 * @param classPath it and what else classes are found in
	 */
	static void check(Path jar, List<Path> classPath) throws IOException {
		try (ZipFile zip = open(jar)) {
			Enumeration<? extends ZipEntry> entries = zip.entries();
			byte[] buffer = new byte[64 * 1024];
			while (entries.hasMoreElements()) {
				check(zip, entries.nextElement(), buffer);
			}
		}
		catch (IOException ex) {
			throw invalid(ex);
		}
		checkMainClass(manifest(jar), classPath);
	}

	private static void check(ZipFile zip, ZipEntry entry, byte[] buffer) throws IOException {
		CRC32 crc = new CRC32();
		try (InputStream content = zip.getInputStream(entry)) {
			for (int count = content.read(buffer); count >= 0; count = content.read(buffer)) {
				crc.update(buffer, 0, count);
			}
		}
		if (entry.getCrc() >= 0 && crc.getValue() != entry.getCrc()) {
			throw new ZipException("entry '%s' does not have the checksum that it should".formatted(entry.getName()));
		}
		if (Thread.currentThread().isInterrupted()) {
			throw new ClosedByInterruptException();
		}
	}

	private static void checkMainClass(Attributes manifest, List<Path> classPath) throws IOException {
		String main = manifest.getValue(Attributes.Name.MAIN_CLASS);
		if (main == null || main.isBlank()) {
			throw new InvalidJarException("its manifest names no main class", null);
		}
		String entry = main.trim().replace('.', '/') + ".class";
		for (Path element : classPath) {
			if (contains(element, entry)) {
				return;
			}
		}
		// On what is not copied it may lie all the same
		if (ApplicationFiles.classPath(manifest).noneMatch(ApplicationFiles::isAbsolute)) {
			throw new InvalidJarException("it does not contain its main class '%s'".formatted(main.trim()), null);
		}
	}

	private static boolean contains(Path element, String entry) throws IOException {
		if (element.toString().endsWith(entry)) {
			return true;
		}
		try (ZipFile zip = open(element)) {
			return zip.getEntry(entry) != null;
		}
		catch (ZipException ex) {
			return false;
		}
	}

}
