package io.github.bootcluster.worker;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

import io.github.bootcluster.ClusterUnavailableException;
import io.github.bootcluster.wire.Frame;
import org.jspecify.annotations.Nullable;

/**
 * Whether this worker is the one of its generation that does what is to be done once at
 * the start. The master is asked when that is first of interest.
 */
public final class StartClaim {

	private static final long ANSWER_SECONDS = 10;

	private final MasterConnection master;

	private @Nullable CompletableFuture<Frame> answer;

	/**
	 * Creates a claim that is not made yet.
	 */
	public StartClaim(MasterConnection master) {
		this.master = master;
	}

	/**
	 * Waits for the master's answer.
	 * @throws ClusterUnavailableException if there is no answer
	 */
	public boolean isGranted() {
		try {
			return answer().get(ANSWER_SECONDS, TimeUnit.SECONDS) instanceof Frame.StartClaimed claimed
					&& claimed.granted();
		}
		catch (ExecutionException | TimeoutException ex) {
			throw new ClusterUnavailableException(
					"The master does not say whether this worker runs what is marked with @ClusterSingleton");
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new ClusterUnavailableException("Interrupted while waiting for the master");
		}
	}

	private synchronized CompletableFuture<Frame> answer() {
		CompletableFuture<Frame> made = this.answer;
		if (made == null) {
			made = this.master.request(Frame.ClaimStart::new);
			this.answer = made;
		}
		return made;
	}

}
