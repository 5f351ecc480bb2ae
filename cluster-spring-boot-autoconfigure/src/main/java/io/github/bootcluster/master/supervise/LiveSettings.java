package io.github.bootcluster.master.supervise;

import java.time.Duration;

/**
 * The settings that the supervision goes by now: a rolling restart brings new ones. They
 * are replaced as a whole on the supervisor's thread.
 */
public final class LiveSettings {

	private final int processors;

	private volatile MasterSettings current;

	/**
	 * Creates settings that may be replaced later.
	 * @param processors how many processors the workers have together
	 */
	public LiveSettings(MasterSettings current, int processors) {
		this.current = current;
		this.processors = processors;
	}

	MasterSettings get() {
		return this.current;
	}

	void replace(MasterSettings next) {
		this.current = next;
	}

	/**
	 * Returns how many workers may start at the same time. Half of the processors are
	 * left to those that serve.
	 * @param first whether the cluster itself is starting
	 */
	int parallelStarts(boolean first) {
		return first ? this.processors : Math.max(1, this.processors / 2);
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
