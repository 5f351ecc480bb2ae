package io.github.bootcluster.process;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Carries environment variables past commands that run with more rights than what they
 * start. A variable may change what a program does before it has begun
 * ({@code LD_PRELOAD}, {@code GCONV_PATH}), so each one travels as the value of a
 * variable with a name of ours, and a shell that has the lesser rights already puts the
 * names back.
 */
final class VariableCarrier {

	static final String SHELL = "/bin/sh";

	/**
	 * Nobody else may set variables with this beginning.
	 */
	static final String PREFIX = "CLUSTER_WORKER_VARIABLE_";

	private static final Pattern IDENTIFIER = Pattern.compile("[A-Za-z_][A-Za-z0-9_]*+");

	/**
	 * What shells of all kinds do not export as it is given, or refuse to change.
	 */
	private static final Set<String> SPECIAL = Set.of("_", "UID", "EUID", "GID", "EGID", "PPID", "GROUPS", "DIRSTACK",
			"FUNCNAME", "SHELLOPTS", "IFS", "PWD", "OLDPWD", "SHLVL", "LINENO", "OPTIND", "OPTARG", "OPTERR", "RANDOM",
			"SRANDOM", "SECONDS", "EPOCHSECONDS", "EPOCHREALTIME", "HISTCMD", "KSH_VERSION");

	private final String env;

	VariableCarrier(String env) {
		this.env = env;
	}

	/**
	 * Puts variables where they do nothing, and returns the command that sets them free.
	 */
	List<String> load(List<String> command, Map<String, String> variables, Map<String, String> environment) {
		List<String> exported = new ArrayList<>();
		List<String> operands = new ArrayList<>();
		// Shells drop what they have no name for
		List<String> foreign = environment.keySet()
			.stream()
			.filter((name) -> !IDENTIFIER.matcher(name).matches() && !variables.containsKey(name))
			.toList();
		foreign.forEach(
				(name) -> operands.add(carry(name, environment.getOrDefault(name, ""), environment, operands.size())));
		variables.forEach((name, value) -> {
			List<String> list = isExportable(name) ? exported : operands;
			list.add(carry(name, value, environment, exported.size() + operands.size()));
		});
		List<String> whole = new ArrayList<>(List.of(SHELL, "-c", script(exported, operands), this.env));
		whole.addAll(command);
		return whole;
	}

	private static boolean isExportable(String name) {
		return IDENTIFIER.matcher(name).matches() && !SPECIAL.contains(name) && !name.startsWith("BASH");
	}

	private static String carry(String name, String value, Map<String, String> environment, int number) {
		String carrier = PREFIX + number;
		environment.put(carrier, name + "=" + value);
		return carrier;
	}

	/**
	 * Writes the script, which has no loop and no variable of its own that one of the
	 * carried could overwrite.
	 */
	private static String script(List<String> exported, List<String> operands) {
		StringBuilder script = new StringBuilder();
		if (!operands.isEmpty()) {
			script.append("set -- \"$0\" --");
			operands.forEach((carrier) -> script.append(" \"$").append(carrier).append('"'));
			script.append(" \"$@\"; ");
		}
		if (!exported.isEmpty()) {
			script.append("export");
			exported.forEach((carrier) -> script.append(" \"$").append(carrier).append('"'));
			script.append("; ");
		}
		operands.forEach((carrier) -> script.append("unset ").append(carrier).append("; "));
		exported.forEach((carrier) -> script.append("unset ").append(carrier).append("; "));
		return script.append("exec \"$@\"").toString();
	}

}
