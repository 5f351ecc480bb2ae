package io.github.bootcluster;

import java.util.List;

/**
 * Thrown when an operation is asked for on a group of workers that there is not.
 */
public class UnknownGroupException extends ClusterException {

	/**
	 * Longer than any name that a group may have.
	 */
	private static final int LONGEST_ECHO = 40;

	private final String group;

	private final List<String> known;

	/**
	 * Creates an exception.
	 * @param group the group that was asked for
	 * @param known the groups that there are
	 */
	public UnknownGroupException(String group, List<String> known) {
		super("There is no group '%s' of workers, only %s".formatted(abbreviated(group), String.join(", ", known)));
		this.group = group;
		this.known = List.copyOf(known);
	}

	private static String abbreviated(String group) {
		return (group.length() > LONGEST_ECHO) ? group.substring(0, LONGEST_ECHO) + "..." : group;
	}

	/**
	 * Returns the group that was asked for.
	 * @return the name
	 */
	public String getGroup() {
		return this.group;
	}

	/**
	 * Returns the groups that there are.
	 * @return the names, the default group's first
	 */
	public List<String> getKnown() {
		return this.known;
	}

}
