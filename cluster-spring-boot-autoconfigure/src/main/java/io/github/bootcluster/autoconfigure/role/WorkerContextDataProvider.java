package io.github.bootcluster.autoconfigure.role;

import java.util.Map;

import org.apache.logging.log4j.core.util.ContextDataProvider;

/**
 * Tells Log4j what belongs into the context of each event, whichever thread logs it.
 * Log4j finds it as a service, before anything is known of this process.
 */
public final class WorkerContextDataProvider implements ContextDataProvider {

	private static volatile Map<String, String> values = Map.of();

	static void provide(Map<String, String> constants) {
		values = Map.copyOf(constants);
	}

	@Override
	public Map<String, String> supplyContextData() {
		return values;
	}

}
