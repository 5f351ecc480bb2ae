package io.github.bootcluster.master.supervise;

import java.time.Duration;

/**
 * The settings that the supervision goes by now: a rolling restart brings new ones. They
 * are replaced as a whole on the supervisor's thread.
 */
final class LiveSettings {

	private volatile MasterSettings current;

	LiveSettings(MasterSettings current) {
		this.current = current;
	}

	MasterSettings get() {
		return this.current;
	}

	void replace(MasterSettings next) {
		this.current = next;
	}

	Duration startTimeout() {
		return this.current.startTimeout();
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
