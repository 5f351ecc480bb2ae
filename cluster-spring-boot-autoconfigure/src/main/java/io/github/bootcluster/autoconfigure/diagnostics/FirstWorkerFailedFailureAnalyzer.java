package io.github.bootcluster.autoconfigure.diagnostics;

import io.github.bootcluster.autoconfigure.properties.ClusterProperties;
import io.github.bootcluster.master.supervise.FirstWorkerFailedException;
import io.github.bootcluster.process.WorkerOutput;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.core.env.Environment;

/**
 * Explains {@link FirstWorkerFailedException}.
 */
class FirstWorkerFailedFailureAnalyzer extends AbstractFailureAnalyzer<FirstWorkerFailedException> {

	private final @Nullable Environment environment;

	FirstWorkerFailedFailureAnalyzer(@Nullable Environment environment) {
		this.environment = environment;
	}

	@Override
	protected FailureAnalysis analyze(Throwable rootFailure, FirstWorkerFailedException cause) {
		return new FailureAnalysis(
				"The first worker of the cluster did not become ready: %s.".formatted(cause.getReason()),
				"%sLook at what the worker wrote, %s. With cluster.enabled=false the application starts without a cluster."
					.formatted(more(cause), where(cause)),
				cause);
	}

	private String more(FirstWorkerFailedException cause) {
		if (!cause.isLate()) {
			return "";
		}
		return "Find out what it waits for, or set cluster.worker.start-timeout%s to more. "
			.formatted((this.environment != null)
					? ", which is %d s,".formatted(worker(this.environment).startTimeout().toSeconds()) : "");
	}

	private static ClusterProperties.Worker worker(Environment environment) {
		return Binder.get(environment).bindOrCreate("cluster", ClusterProperties.class).worker();
	}

	private String where(FirstWorkerFailedException cause) {
		if (this.environment == null) {
			return "above";
		}
		ClusterProperties.Worker worker = worker(this.environment);
		if (worker.output() == WorkerOutput.FILE) {
			return "at the end of the newest log in '%s'".formatted(worker.outputDirectory().toAbsolutePath());
		}
		return (worker.output() == WorkerOutput.DISCARD)
				? "at last:%n%n%s%n%n".formatted(String.join(System.lineSeparator(), cause.getLastLines())) : "above";
	}

}
