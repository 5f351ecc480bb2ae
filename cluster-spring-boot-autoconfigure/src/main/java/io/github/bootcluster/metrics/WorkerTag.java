package io.github.bootcluster.metrics;

import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.config.MeterFilter;

/**
 * Tags every meter of a worker with its slot, so that the meters of one worker are not
 * taken for those of another. One that has such a tag already keeps it.
 * <p>
 * The master's meters get none: they are the same in whichever worker they are read, and
 * the answers of different workers have to be the same series.
 */
public final class WorkerTag implements MeterFilter {

	/**
	 * Key of the tag.
	 */
	public static final String NAME = "worker";

	/**
	 * Key of the tag that tells the worker's group, where there are groups.
	 */
	public static final String GROUP = "group";

	private final Tags tags;

	/**
	 * Creates a filter.
	 * @param group the worker's group
	 * @param slot the worker's slot
	 * @param grouped whether there are groups of workers, which have slots of the same
	 * number
	 */
	public WorkerTag(String group, int slot, boolean grouped) {
		this.tags = tags(group, slot, grouped);
	}

	static Tags tags(String group, int slot, boolean grouped) {
		Tags tags = Tags.of(NAME, String.valueOf(slot));
		return grouped ? tags.and(GROUP, group) : tags;
	}

	@Override
	public Meter.Id map(Meter.Id id) {
		if (MasterMeters.NAMES.contains(id.getName())) {
			return id;
		}
		// A tag of the meter itself takes precedence
		return id.replaceTags(this.tags.and(id.getTags()));
	}

}
