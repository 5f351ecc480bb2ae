package io.github.bootcluster.process;

import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * What is known of the output of a process.
 */
interface ProcessOutput {

	/**
	 * Returns a future that completes when the output was read to its end.
	 * @return a future of the caller's own: giving up on it concerns nobody else
	 */
	CompletableFuture<Void> finished();

	List<String> lastLines();

	/**
	 * Returns what is known of an output that nobody here has read.
	 */
	static ProcessOutput unknown() {
		return new ProcessOutput() {

			@Override
			public CompletableFuture<Void> finished() {
				return CompletableFuture.completedFuture(null);
			}

			@Override
			public List<String> lastLines() {
				return List.of();
			}

		};
	}

}
