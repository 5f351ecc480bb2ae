package io.github.bootcluster.wire;

import java.util.Map;

import io.github.bootcluster.ForkRefusedException;
import org.jspecify.annotations.Nullable;

/**
 * Tells environment variables that a worker can be forked with from those that it cannot.
 */
public final class ForkEnvironment {

	/**
	 * The most that a system takes for one variable; so much for all of them also keeps
	 * the frame small that asks for the worker.
	 */
	private static final int MAX_CHARACTERS = 128 * 1024;

	private ForkEnvironment() {
	}

	/**
	 * Looks at all variables.
	 * @throws ForkRefusedException if one of them cannot be set
	 */
	public static Map<String, String> check(Map<String, String> environment) {
		long characters = 0;
		for (Map.Entry<String, String> variable : environment.entrySet()) {
			check(variable.getKey(), variable.getValue());
			characters += variable.getKey().length() + variable.getValue().length() + 2L;
		}
		if (characters > MAX_CHARACTERS) {
			throw new ForkRefusedException("The environment of a worker has %d characters, allowed are %d"
				.formatted(characters, MAX_CHARACTERS));
		}
		return Map.copyOf(environment);
	}

	/**
	 * Tells whether systems take a name for one of a variable.
	 */
	public static boolean isName(String name) {
		return !name.isEmpty() && name.indexOf('=') < 0 && name.indexOf('\0') < 0;
	}

	/**
	 * Tells whether systems take a value for one of a variable.
	 */
	public static boolean isValue(String value) {
		return value.indexOf('\0') < 0;
	}

	private static void check(@Nullable String name, @Nullable String value) {
		if (name == null || !isName(name)) {
			throw new ForkRefusedException(
					"'%s' cannot be the name of an environment variable: it must have a character, and neither '=' nor a null character"
						.formatted(name));
		}
		if (value == null || !isValue(value)) {
			throw new ForkRefusedException("The environment variable %s needs a value without null characters, not %s"
				.formatted(name, (value != null) ? "one with them" : "null"));
		}
		if (WorkerIdentity.isReserved(name)) {
			throw new ForkRefusedException(
					"The environment variable %s is set by the master itself, as all are that begin with %s or %s"
						.formatted(name, WorkerIdentity.PREFIX, WorkerIdentity.CONTROL_PREFIX));
		}
	}

}
