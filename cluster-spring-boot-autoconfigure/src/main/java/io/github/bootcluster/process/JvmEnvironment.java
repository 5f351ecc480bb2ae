package io.github.bootcluster.process;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The environment variables that carry JVM options. A worker inherits them, so they must
 * lose the same options as its command line.
 */
public final class JvmEnvironment {

	/**
	 * Read by the launcher, in front of its command line.
	 */
	private static final String OF_LAUNCHER = "JDK_JAVA_OPTIONS";

	private static final List<String> VARIABLES = List.of("JAVA_TOOL_OPTIONS", OF_LAUNCHER, "_JAVA_OPTIONS");

	/**
	 * Options are separated by white space; quotes of both kinds protect it, anywhere in
	 * an option, and there is no escape.
	 */
	private static final Pattern OPTION = Pattern.compile("(?:[^\\s'\"]++|'[^']*+'?|\"[^\"]*+\"?)++");

	private JvmEnvironment() {
	}

	/**
	 * Returns the options in an environment that a worker does not inherit, for the same
	 * reasons as {@link JvmCommand#notInherited()}. The launcher leaves them out on its
	 * own.
	 */
	public static List<String> notInherited(Map<String, String> environment) {
		return options(environment).stream().filter(unshareable()).toList();
	}

	/**
	 * Returns the variables that lose options.
	 */
	public static Map<String, String> excluding(Map<String, String> environment, List<String> excluded) {
		Map<String, String> changed = new HashMap<>();
		for (String variable : VARIABLES) {
			String value = environment.getOrDefault(variable, "");
			String kept = without(value, (option) -> excluded.stream().anyMatch(option::startsWith));
			if (!kept.equals(value)) {
				changed.put(variable, without(kept, unshareable()));
			}
		}
		return changed;
	}

	/**
	 * Returns all JVM options that a worker is started with, those of variables first.
	 * @param variables those that the worker has besides those of this process
	 */
	static List<String> optionsOf(JvmCommand worker, Map<String, String> variables) {
		Map<String, String> all = new HashMap<>(System.getenv());
		all.putAll(variables);
		clean(all);
		return Stream.concat(options(all).stream(), worker.jvmArguments().stream()).toList();
	}

	static List<String> options(Map<String, String> environment) {
		return VARIABLES.stream()
			.flatMap((variable) -> OPTION.matcher(environment.getOrDefault(variable, "")).results())
			.map(JvmEnvironment::value)
			.toList();
	}

	/**
	 * Cleans an environment in place, touching no variable that needs no cleaning: a copy
	 * would spoil the values that are not valid in this JVM's charset.
	 */
	static void clean(Map<String, String> environment) {
		Predicate<String> removed = unshareable().or(JvmCommand.DISABLE_ARGUMENT_FILES::equals);
		for (String variable : VARIABLES) {
			String value = environment.getOrDefault(variable, "");
			String kept = without(value, removed);
			if (!kept.equals(value)) {
				environment.put(variable, kept);
				environment.remove(variable, "");
			}
		}
	}

	/**
	 * Returns variables in which nothing keeps a launcher from reading the argument file
	 * of a worker.
	 */
	static Map<String, String> readingArgumentFiles(Map<String, String> variables) {
		Map<String, String> all = new HashMap<>(variables);
		all.computeIfPresent(OF_LAUNCHER, (name, value) -> without(value, JvmCommand.DISABLE_ARGUMENT_FILES::equals));
		return all;
	}

	/**
	 * Leaves options out.
	 * @return the others, or the value as it is where there is nothing to leave out
	 */
	private static String without(String value, Predicate<String> removed) {
		List<MatchResult> options = new ArrayList<>(OPTION.matcher(value).results().toList());
		return options.removeIf((option) -> removed.test(value(option)))
				? String.join(" ", options.stream().map(MatchResult::group).toList()) : value;
	}

	private static String value(MatchResult option) {
		// A quote of one kind that is protected by the other is lost: no such option is
		// known
		return option.group().replaceAll("['\"]", "");
	}

	private static Predicate<String> unshareable() {
		return UnshareableOptions.of(Runtime.version().feature());
	}

}
