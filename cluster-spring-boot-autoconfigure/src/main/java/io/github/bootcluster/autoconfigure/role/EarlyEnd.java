package io.github.bootcluster.autoconfigure.role;

import io.github.bootcluster.process.EarlySignals;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

/**
 * Ends a master that was asked to end before it has become one in full.
 */
public final class EarlyEnd {

	private static final Log logger = LogFactory.getLog(EarlyEnd.class);

	private EarlyEnd() {
	}

	/**
	 * Ends this process if it was asked to. To be called by the thread that starts the
	 * application, where nothing is half done.
	 */
	public static void check() {
		EarlySignals.end().ifPresent((signal) -> {
			logger.info("Received %s during the start: shutting down".formatted(signal));
			System.exit(0);
		});
	}

}
