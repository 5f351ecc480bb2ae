package io.github.bootcluster.wire;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;

import org.jspecify.annotations.Nullable;

/**
 * Runs tasks where a {@link CompletableFuture} does by default, but with the
 * application's class loader. The threads of the common pool have the system's, which
 * does not see into a JAR that Spring Boot's loader runs. Whether they are used at all
 * depends on the number of processors and on the release of Java.
 */
public final class ApplicationExecutor implements Executor {

	private final Executor executor = new CompletableFuture<>().defaultExecutor();

	private final @Nullable ClassLoader classLoader;

	private ApplicationExecutor(@Nullable ClassLoader classLoader) {
		this.classLoader = classLoader;
	}

	/**
	 * Creates an executor on a thread of the application, whose context class loader all
	 * tasks get.
	 */
	public static ApplicationExecutor create() {
		return new ApplicationExecutor(Thread.currentThread().getContextClassLoader());
	}

	@Override
	public void execute(Runnable task) {
		this.executor.execute(() -> {
			Thread thread = Thread.currentThread();
			ClassLoader previous = thread.getContextClassLoader();
			thread.setContextClassLoader(this.classLoader);
			try {
				task.run();
			}
			finally {
				thread.setContextClassLoader(previous);
			}
		});
	}

}
