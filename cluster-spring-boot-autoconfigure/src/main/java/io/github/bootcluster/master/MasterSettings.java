package io.github.bootcluster.master;

import java.time.Duration;

/**
 * What the supervision goes by.
 *
 * @param workers the wanted number of workers
 * @param startTimeout how long a worker may take from its fork until it is ready
 * @param drainTimeout how long a draining worker may take
 * @param restartTimeout how long a rolling restart may take
 * @param surge how many workers more than wanted a rolling restart may run at once
 * @param respawn when a worker that died is forked again
 */
public record MasterSettings(int workers, Duration startTimeout, Duration drainTimeout, Duration restartTimeout,
		int surge, RespawnPolicy respawn) {

}
