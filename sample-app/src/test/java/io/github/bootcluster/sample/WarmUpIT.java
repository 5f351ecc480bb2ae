package io.github.bootcluster.sample;

import java.util.List;
import java.util.Set;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Promises on workers that send themselves requests before they are ready.
 */
class WarmUpIT {

	@Test
	void everyWorkerWarmsUpBeforeItIsReadyAndMayFailAtIt() throws Exception {
		try (ClusterProcess process = ClusterProcess.named("warm-up")
			.workers(1)
			.args("--cluster.warmup.paths=/,/missing?x=1", "--cluster.warmup.requests=20")
			.startReady()) {
			Set<Long> first = process.workers();
			assertWarm(process, 0, 1);
			int mark = process.output().mark();
			assertThat(process.restartAndAwait().status()).isEqualTo(200);
			assertWarm(process, mark, 2);
			assertThat(process.awaitReplaced(first)).hasSize(1);
		}
	}

	private static void assertWarm(ClusterProcess process, int mark, int worker) throws InterruptedException {
		process.awaitLine(mark, "EventLog +: Worker %d .* is ready".formatted(worker));
		List<String> lines = process.output().lines();
		int warned = last(lines, "Warm-up request to '/missing?x=1' was answered with status 404");
		int warm = last(lines, "(successful requests: 20)");
		assertThat(warned).isPositive().isLessThan(warm);
		assertThat(warm).isLessThan(last(lines, "is ready"));
	}

	private static int last(List<String> lines, String part) {
		for (int i = lines.size() - 1; i >= 0; i--) {
			if (lines.get(i).contains(part)) {
				return i;
			}
		}
		return -1;
	}

}
