package io.github.bootcluster.master.supervise;

import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The newest generation that has proved itself in each group. It belongs to the
 * supervisor's thread.
 */
final class ProvenGenerations {

	private static final int FIRST = 1;

	private final Map<String, Integer> byGroup = new HashMap<>();

	ProvenGenerations(Collection<String> groups) {
		groups.forEach((group) -> this.byGroup.put(group, FIRST));
	}

	void add(String group, int generation) {
		this.byGroup.merge(group, generation, Math::max);
	}

	void reset(String group, int generation) {
		this.byGroup.put(group, generation);
	}

	int newest() {
		return this.byGroup.values().stream().max(Comparator.naturalOrder()).orElse(FIRST);
	}

	int of(String group) {
		return this.byGroup.getOrDefault(group, FIRST);
	}

	/**
	 * Returns the newest generation of each group, and one more.
	 */
	Set<Integer> and(int further) {
		Set<Integer> all = this.byGroup.values().stream().collect(Collectors.toSet());
		all.add(further);
		return all;
	}

}
