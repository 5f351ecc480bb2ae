package io.github.bootcluster.master.supervise;

import java.io.File;
import java.lang.reflect.Constructor;
import java.lang.reflect.Method;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Promises on lines of the log where SLF4J is not on the class path.
 */
class EventLineTests {

	private static final List<String> LIBRARIES = List.of("slf4j", "logback", "log4j");

	@Test
	void sentenceIsLoggedWithoutSlf4j() throws Exception {
		List<String> lines = new ArrayList<>();
		Logger logger = Logger.getLogger(EventLog.class.getName());
		Handler handler = new Lines(lines);
		logger.addHandler(handler);
		try (URLClassLoader loader = new URLClassLoader(classPath(), ClassLoader.getPlatformClassLoader())) {
			Class<?> type = loader.loadClass(EventLine.class.getName());
			Constructor<?> constructor = type.getDeclaredConstructor(String.class);
			constructor.setAccessible(true);
			Method warn = type.getDeclaredMethod("warn", String.class);
			warn.setAccessible(true);
			warn.invoke(constructor.newInstance("exited"), "Worker 5 exited with code 1");
		}
		finally {
			logger.removeHandler(handler);
		}
		assertThat(lines).containsExactly("WARNING Worker 5 exited with code 1");
	}

	private static URL[] classPath() throws Exception {
		List<URL> urls = new ArrayList<>();
		for (String element : System.getProperty("java.class.path").split(File.pathSeparator)) {
			if (LIBRARIES.stream().noneMatch(new File(element).getName()::contains)) {
				urls.add(Path.of(element).toUri().toURL());
			}
		}
		return urls.toArray(URL[]::new);
	}

	private static final class Lines extends Handler {

		private final List<String> lines;

		private Lines(List<String> lines) {
			this.lines = lines;
		}

		@Override
		public void publish(LogRecord line) {
			this.lines.add(line.getLevel() + " " + line.getMessage());
		}

		@Override
		public void flush() {
		}

		@Override
		public void close() {
		}

	}

}
