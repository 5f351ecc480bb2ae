package io.github.bootcluster.process;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Account that workers run as.
 *
 * @param user the name of the user, or its number if it has no name
 * @param uid the number of the user
 * @param group the name of the group, or its number if it has no name
 * @param gid the number of the group
 * @param home the user's home
 * @param known whether the system knows the user, who may then be in further groups
 */
public record WorkerAccount(String user, int uid, String group, int gid, String home, boolean known) {

	/**
	 * Returns the variables that tell a process who it runs as.
	 */
	Map<String, String> environment() {
		Map<String, String> variables = new LinkedHashMap<>();
		variables.put("HOME", this.home);
		variables.put("USER", this.user);
		variables.put("LOGNAME", this.user);
		return variables;
	}

	@Override
	public String toString() {
		return this.user + ":" + this.group;
	}

}
