package io.github.bootcluster.master.supervise;

import java.time.Duration;

/**
 * The settings that the supervision goes by now: a rolling restart brings new ones. They
 * are replaced as a whole on the supervisor's thread.
 */
public final class LiveSettings {

	private final int parallelStarts;

	private volatile MasterSettings current;

	/**
	 * Creates settings that may be replaced later.
	 * @param parallelStarts how many workers may start at the same time
	 */
	public LiveSettings(MasterSettings current, int parallelStarts) {
		this.current = current;
		this.parallelStarts = parallelStarts;
	}

	MasterSettings get() {
		return this.current;
	}

	void replace(MasterSettings next) {
		this.current = next;
	}

	int parallelStarts() {
		return this.parallelStarts;
	}

	Duration startTimeout() {
		return this.current.startTimeout();
	}

	Duration heartbeatTimeout() {
		return this.current.heartbeatTimeout();
	}

	Duration drainTimeout() {
		return this.current.drainTimeout();
	}

	Duration stopTimeout() {
		return this.current.stopTimeout();
	}

	RespawnPolicy respawn() {
		return this.current.respawn();
	}

	RestartPolicy restart() {
		return this.current.restart();
	}

	RecyclePolicy recycle() {
		return this.current.recycle();
	}

}
