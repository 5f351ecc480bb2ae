package io.github.bootcluster.wire;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Promises on the class loader of what runs on the common pool.
 */
@Timeout(60)
class ApplicationExecutorTests {

	@Test
	void tasksSeeTheApplicationWhereverTheyRun() throws Exception {
		ClassLoader application = new ClassLoader(getClass().getClassLoader()) {

		};
		Thread thread = Thread.currentThread();
		ClassLoader own = thread.getContextClassLoader();
		thread.setContextClassLoader(application);
		ApplicationExecutor executor;
		try {
			executor = ApplicationExecutor.create();
		}
		finally {
			thread.setContextClassLoader(own);
		}
		for (int i = 0; i < 10; i++) {
			assertThat(CompletableFuture.supplyAsync(() -> Thread.currentThread().getContextClassLoader(), executor)
				.get(20, TimeUnit.SECONDS)).isSameAs(application);
		}
		assertThat(CompletableFuture.supplyAsync(() -> Thread.currentThread().getContextClassLoader())
			.get(20, TimeUnit.SECONDS)).as("what the pool's thread has afterwards").isNotSameAs(application);
	}

}
