package io.github.bootcluster.process;

import java.io.IOException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.jar.Attributes;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import io.github.bootcluster.file.FileTree;

/**
 * The files that a JVM reads classes from when it runs a JAR, as they are at one moment:
 * the JAR, what its {@code Class-Path} names relative to it, what theirs name in turn.
 */
final class ApplicationFiles {

	/**
	 * What leads to a place that does not depend on where the JAR lies.
	 */
	private static final Pattern ABSOLUTE = Pattern.compile("/.*|[a-zA-Z][a-zA-Z0-9+.-]*:.*");

	private final Path jar;

	private final Map<Path, FileStamp> files = new LinkedHashMap<>();

	private final List<Path> links = new ArrayList<>();

	private final Queue<Path> jars = new ArrayDeque<>();

	private Path root;

	private ApplicationFiles(Path jar) {
		this.jar = jar;
		this.root = parent(jar);
	}

	static ApplicationFiles of(Path jar) throws IOException {
		ApplicationFiles files = new ApplicationFiles(jar);
		files.addFile(jar);
		files.addClassPath(jar, JarCheck.manifest(jar));
		for (Path next = files.jars.poll(); next != null; next = files.jars.poll()) {
			try {
				files.addClassPath(next, JarCheck.manifest(next));
			}
			catch (InvalidJarException ex) {
				// The JVM passes over what is no JAR
			}
		}
		return files;
	}

	private void addFile(Path file) throws IOException {
		this.files.put(file, FileStamp.of(file));
		include(parent(file));
	}

	/**
	 * Returns what a manifest names besides its JAR.
	 * @return relative or absolute locations, encoded as in a URL
	 */
	static Stream<String> classPath(Attributes manifest) {
		String classPath = manifest.getValue(Attributes.Name.CLASS_PATH);
		return (classPath != null) ? Stream.of(classPath.split(" ")).filter((element) -> !element.isEmpty())
				: Stream.empty();
	}

	static boolean isAbsolute(String element) {
		return ABSOLUTE.matcher(element).matches();
	}

	private void addClassPath(Path of, Attributes manifest) throws IOException {
		for (String element : (Iterable<String>) classPath(manifest)::iterator) {
			if (!isAbsolute(element)) {
				add(element, parent(of));
			}
		}
	}

	private void add(String element, Path base) throws IOException {
		Path path;
		try {
			path = base.resolve(URLDecoder.decode(element.replace("+", "%2B"), StandardCharsets.UTF_8)).normalize();
		}
		catch (IllegalArgumentException ex) {
			// Names nothing
			return;
		}
		if (element.endsWith("/") && Files.isDirectory(path)) {
			addDirectory(path);
		}
		else if (Files.isRegularFile(path) && !this.files.containsKey(path)) {
			addFile(path);
			this.jars.add(path);
		}
	}

	/**
	 * Adds a folder of classes with all that is in it. Of one that the JAR itself lies
	 * in, which may be anybody's home, the rest is left where it is, and linked to.
	 */
	private void addDirectory(Path directory) throws IOException {
		include(directory);
		boolean around = this.jar.startsWith(directory);
		try (Stream<Path> found = around ? Files.list(directory) : Files.walk(directory)) {
			for (Path path : (Iterable<Path>) found::iterator) {
				if (!around && Files.isRegularFile(path)) {
					addFile(path);
				}
				else if (around || Files.isSymbolicLink(path)) {
					this.links.add(path);
				}
			}
		}
	}

	/**
	 * Widens the folder that is copied until another one lies in it.
	 */
	private void include(Path directory) {
		while (!directory.startsWith(this.root)) {
			this.root = parent(this.root);
		}
	}

	private static Path parent(Path path) {
		Path parent = path.getParent();
		return (parent != null) ? parent : path;
	}

	Path copyTo(Path directory) throws IOException {
		for (Path file : this.files.keySet()) {
			FileTree.copy(file, copy(file, directory));
		}
		for (Path link : this.links) {
			CopiedLink copy = copied(link);
			if (!copy.isThere(directory)) {
				copy.make(directory);
			}
		}
		return copy(this.jar, directory);
	}

	private Path copy(Path file, Path directory) {
		return directory.resolve(this.root.relativize(file).toString());
	}

	/**
	 * Describes the copies, from which others are to be made if they get lost.
	 */
	List<CopiedFile> describe(Path directory) throws IOException {
		List<CopiedFile> copies = new ArrayList<>();
		for (Path file : this.files.keySet()) {
			copies.add(CopiedFile.of(file, copy(file, directory), directory));
		}
		return copies;
	}

	private CopiedLink copied(Path link) {
		return new CopiedLink(link, this.root.relativize(link));
	}

	/**
	 * Describes the symbolic links among the copies.
	 */
	List<CopiedLink> links(Path directory) {
		return this.links.stream()
			.distinct()
			.map(this::copied)
			.filter((link) -> Files.isSymbolicLink(directory.resolve(link.copy())))
			.toList();
	}

	List<Path> copies(Path directory) {
		return this.files.keySet().stream().map((file) -> copy(file, directory)).toList();
	}

	boolean isUnchanged() throws IOException {
		for (Map.Entry<Path, FileStamp> file : this.files.entrySet()) {
			if (!file.getValue().equals(FileStamp.of(file.getKey()))) {
				return false;
			}
		}
		return true;
	}

}
