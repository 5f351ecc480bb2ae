package io.github.bootcluster.process;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;
import java.util.jar.Attributes;
import java.util.jar.JarFile;
import java.util.jar.Manifest;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/**
 * JAR of a test's making.
 */
final class TestJar {

	private final Map<String, byte[]> entries = new LinkedHashMap<>();

	private TestJar() {
	}

	/**
	 * Begins a JAR with a main class.
	 * @return the JAR
	 */
	static TestJar runnable() {
		return new TestJar().manifest("Main-Class", "com.example.Main").entry("com/example/Main.class", "main");
	}

	static TestJar empty() {
		return new TestJar();
	}

	TestJar entry(String name, String content) {
		this.entries.put(name, content.getBytes(StandardCharsets.UTF_8));
		return this;
	}

	/**
	 * Adds an entry that cannot be made smaller.
	 * @param size its size in bytes
	 * @return this JAR
	 */
	TestJar ballast(int size) {
		byte[] content = new byte[size];
		new Random(size).nextBytes(content);
		this.entries.put("ballast", content);
		return this;
	}

	TestJar manifest(String... attributes) {
		Manifest manifest = new Manifest();
		manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
		for (int i = 0; i < attributes.length; i += 2) {
			manifest.getMainAttributes().putValue(attributes[i], attributes[i + 1]);
		}
		ByteArrayOutputStream content = new ByteArrayOutputStream();
		try {
			manifest.write(content);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		this.entries.put(JarFile.MANIFEST_NAME, content.toByteArray());
		return this;
	}

	Path write(Path file) throws IOException {
		Files.createDirectories(file.getParent());
		try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(file))) {
			for (Map.Entry<String, byte[]> entry : this.entries.entrySet()) {
				zip.putNextEntry(new ZipEntry(entry.getKey()));
				zip.write(entry.getValue());
			}
		}
		return file;
	}

}
