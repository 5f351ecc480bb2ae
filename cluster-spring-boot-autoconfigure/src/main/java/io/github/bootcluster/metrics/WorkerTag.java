package io.github.bootcluster.metrics;

import io.github.bootcluster.ClusterWorker;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.Tag;
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

	private final Tag tag;

	/**
	 * Creates a filter.
	 * @param group the worker's group
	 * @param slot the worker's slot
	 */
	public WorkerTag(String group, int slot) {
		this.tag = Tag.of(NAME, value(group, slot));
	}

	/**
	 * Returns the tag's value, which is different for every slot of every group.
	 * @param group the worker's group, which leads it if it is not the default one
	 */
	static String value(String group, int slot) {
		return group.equals(ClusterWorker.DEFAULT_GROUP) ? String.valueOf(slot) : group + "-" + slot;
	}

	@Override
	public Meter.Id map(Meter.Id id) {
		return (MasterMeters.NAMES.contains(id.getName()) || id.getTag(NAME) != null) ? id : id.withTag(this.tag);
	}

}
