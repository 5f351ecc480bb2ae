package io.github.bootcluster.sample;

import java.util.Set;

import io.github.bootcluster.apps.talkative.TalkativeApplication;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Promises on a standard output that nobody reads, as behind a log shipper that is stuck.
 */
class UnreadOutputIT {

	/**
	 * Lines of about 1,200 characters: several times what a pipe and the master hold.
	 */
	private static final String TALK = "/talk?lines=5000";

	@Test
	void clusterIsSupervisedAndEndsWhileNobodyReadsItsOutput() throws Exception {
		try (ClusterProcess process = ClusterProcess.named("unread-output")
			.workers(1)
			.target(TestApplication.target(TalkativeApplication.class))
			.startReady()) {
			process.output().pause();
			try {
				assertThat(process.post(TALK).status()).isEqualTo(200);
				Set<Long> first = process.workers();
				first.forEach(process::killHard);
				Set<Long> second = process.awaitReplaced(first);
				assertThat(process.post(TALK).status()).isEqualTo(200);
				assertThat(process.restartAndAwait().status()).isEqualTo(200);
				process.awaitReplaced(second);
				process.output().resume();
				process.awaitLine("\\d+ lines of output were dropped because nobody read them");
				process.output().pause();
				assertThat(process.post(TALK).status()).isEqualTo(200);
				process.signal("TERM");
				assertThat(process.exitCode()).isZero();
			}
			finally {
				process.output().resume();
			}
		}
	}

}
