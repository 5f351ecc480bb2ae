package io.github.bootcluster.process;

import java.io.Closeable;
import java.io.IOException;
import java.lang.reflect.Field;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.Set;
import java.util.zip.ZipFile;

import org.jspecify.annotations.Nullable;

/**
 * The program that this JVM runs. It loads classes as it needs them, by their places in
 * its JAR, so that a JAR that is written over breaks it. Spring Boot's loader can be made
 * to read from a copy instead; it has no method for that, but keeps all that it reads of
 * one file behind one object.
 * <p>
 * Nothing else keeps the promise that a deployment may write over the JAR that runs: the
 * master outlives all generations, and a JVM that started again from a copy would cost
 * each start of a cluster some seconds. Where the fields have other names, or may not be
 * written (JEP 500 announces that for final ones), the master says so and reads on from
 * the original.
 */
public final class RunningProgram {

	private static final String LOADER = "org/springframework/boot/loader/";

	private static final int PIECE = 1024 * 1024;

	private RunningProgram() {
	}

	/**
	 * Makes this JVM read the classes of its program from a copy, which has to stay.
	 */
	public static boolean readFrom(Path jar, Path copy) {
		try {
			Class<?> content = Class.forName(className(LOADER + "zip/ZipContent.class"), true,
					ClassLoader.getSystemClassLoader());
			Path real = jar.toRealPath();
			boolean done = false;
			for (Object access : accesses((Map<?, ?>) get(content, null, "cache"))) {
				if (((Path) get(access.getClass(), access, "path")).toRealPath().equals(real)) {
					loadLoader(copy);
					done |= exchange(access, copy);
				}
			}
			return done;
		}
		catch (ReflectiveOperationException | IOException | RuntimeException ex) {
			return false;
		}
	}

	private static Set<Object> accesses(Map<?, ?> contents) throws ReflectiveOperationException {
		Set<Object> accesses = Collections.newSetFromMap(new IdentityHashMap<>());
		for (Object content : contents.values()) {
			Object data = get(content.getClass(), content, "data");
			accesses.add(get(data.getClass(), data, "fileAccess"));
		}
		return accesses;
	}

	/**
	 * Loads the loader itself, which the JDK reads from the original.
	 * @param copy where to find the names of its classes
	 */
	private static void loadLoader(Path copy) throws IOException {
		try (ZipFile zip = new ZipFile(copy.toFile())) {
			zip.stream()
				.map((entry) -> entry.getName())
				.filter((name) -> name.startsWith(LOADER) && name.endsWith(".class"))
				.forEach(RunningProgram::load);
		}
	}

	private static void load(String entry) {
		try {
			Class.forName(className(entry), false, ClassLoader.getSystemClassLoader());
		}
		catch (ClassNotFoundException | LinkageError ex) {
			// Then nobody else could load it either
		}
	}

	private static String className(String entry) {
		return entry.substring(0, entry.length() - ".class".length()).replace('/', '.');
	}

	private static boolean exchange(Object access, Path copy) throws ReflectiveOperationException, IOException {
		Class<?> type = access.getClass();
		synchronized (get(type, access, "lock")) {
			FileChannel current = (FileChannel) find(type, access, "fileChannel");
			if (current == null) {
				return false;
			}
			FileChannel next = FileChannel.open(copy, StandardOpenOption.READ);
			if (!isSame(current, next)) {
				next.close();
				return false;
			}
			set(access, "path", copy);
			set(access, "fileChannel", next);
			Closeable second = (Closeable) find(type, access, "randomAccessFile");
			set(access, "randomAccessFile", null);
			current.close();
			if (second != null) {
				second.close();
			}
			return true;
		}
	}

	private static boolean isSame(FileChannel one, FileChannel other) throws IOException {
		if (one.size() != other.size()) {
			return false;
		}
		ByteBuffer first = ByteBuffer.allocateDirect(PIECE);
		ByteBuffer second = ByteBuffer.allocateDirect(PIECE);
		for (long position = 0; position < one.size(); position += first.limit()) {
			if (!fill(first, one, position).equals(fill(second, other, position))) {
				return false;
			}
		}
		return true;
	}

	private static ByteBuffer fill(ByteBuffer buffer, FileChannel channel, long position) throws IOException {
		buffer.clear();
		int count = 0;
		while (buffer.hasRemaining() && count >= 0) {
			count = channel.read(buffer, position + buffer.position());
		}
		return buffer.flip();
	}

	private static Object get(Class<?> type, @Nullable Object target, String name) throws ReflectiveOperationException {
		Object value = find(type, target, name);
		if (value == null) {
			throw new NoSuchFieldException(name);
		}
		return value;
	}

	private static @Nullable Object find(Class<?> type, @Nullable Object target, String name)
			throws ReflectiveOperationException {
		Field field = type.getDeclaredField(name);
		field.setAccessible(true);
		return field.get(target);
	}

	private static void set(Object target, String name, @Nullable Object value) throws ReflectiveOperationException {
		Field field = target.getClass().getDeclaredField(name);
		field.setAccessible(true);
		field.set(target, value);
	}

}
