package io.github.bootcluster.process;

import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;

/**
 * Sends signals that the JDK cannot send, which are all but two. The shell can: its
 * {@code kill} is built in, whereas the program of that name is not everywhere.
 */
final class SignalSender {

	private static final String SHELL = "/bin/sh";

	private static final String SCRIPT = "kill -s \"$0\" \"$1\"";

	private SignalSender() {
	}

	/**
	 * Sends a signal.
	 * @return a stage that completes once it is sent, or fails with an
	 * {@link IOException}
	 */
	static CompletionStage<Void> send(long pid, WorkerSignal signal) {
		return send(pid, signal.name());
	}

	static CompletionStage<Void> send(long pid, String signal) {
		Process shell;
		try {
			shell = new ProcessBuilder(SHELL, "-c", SCRIPT, signal, String.valueOf(pid))
				.redirectOutput(ProcessBuilder.Redirect.DISCARD)
				.redirectError(ProcessBuilder.Redirect.DISCARD)
				.start();
		}
		catch (IOException ex) {
			return CompletableFuture.failedStage(new IOException("only " + SHELL + " could, and that fails", ex));
		}
		return shell.onExit().thenAccept((ended) -> {
			if (ended.exitValue() != 0) {
				throw new CompletionException(new IOException("process %d does not take it".formatted(pid)));
			}
		});
	}

}
