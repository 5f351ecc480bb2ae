package io.github.bootcluster.process;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

import io.github.bootcluster.file.FileTree;
import org.jspecify.annotations.Nullable;

/**
 * Makes AOT caches of what workers have recorded, by JVMs of the lowest priority: the
 * processors belong to those who serve.
 */
final class AotCacheMaker {

	private static final long CLOSE_MILLIS = 2000;

	private final Path folder;

	private final List<String> prefix;

	private final Set<Thread> threads = ConcurrentHashMap.newKeySet();

	private volatile boolean closed;

	/**
	 * Creates a maker.
	 * @param folder the folder of the layout
	 */
	AotCacheMaker(Path folder) {
		this.folder = folder;
		this.prefix = SearchPath.find("nice").map((nice) -> List.of(nice.toString(), "-n", "19")).orElse(List.of());
	}

	/**
	 * Makes a cache on a thread of its own.
	 * @param worker how workers are started that are to use it
	 * @param variables those that they are started with
	 * @param configuration what a worker has recorded, which is deleted
	 * @param cache the file to write
	 * @param done is told what went wrong, or {@code null}
	 */
	void make(JvmCommand worker, Map<String, String> variables, Path configuration, Path cache,
			Consumer<@Nullable IOException> done) {
		Thread thread = new Thread(() -> {
			IOException failure = null;
			try {
				run(worker, variables, configuration, cache);
			}
			catch (IOException ex) {
				failure = ex;
			}
			finally {
				FileTree.delete(configuration);
				this.threads.remove(Thread.currentThread());
			}
			done.accept(failure);
		}, "cluster-archive");
		thread.setDaemon(true);
		this.threads.add(thread);
		thread.start();
	}

	private void run(JvmCommand worker, Map<String, String> variables, Path configuration, Path cache)
			throws IOException {
		if (this.closed) {
			throw new IOException("the master ends");
		}
		List<String> line = new ArrayList<>(this.prefix);
		line.addAll(worker.withoutValues()
			.withoutHeap()
			.with(List.of("-XX:AOTMode=create", "-XX:AOTConfiguration=" + configuration, "-XX:AOTCache=" + cache,
					"-Xlog:aot=error", "-Xlog:cds=error"))
			.toCommandLine());
		JvmTool.run("the JVM", line, JvmEnvironment.readingArgumentFiles(variables), this.folder);
		if (!Files.isRegularFile(cache)) {
			throw new IOException("the JVM has left none");
		}
	}

	boolean isClosed() {
		return this.closed;
	}

	/**
	 * Makes no further cache. What is being made is given up, and its JVM ended.
	 */
	void close() {
		this.closed = true;
		for (Thread thread : this.threads) {
			thread.interrupt();
			try {
				thread.join(CLOSE_MILLIS);
			}
			catch (InterruptedException ex) {
				Thread.currentThread().interrupt();
			}
		}
	}

}
