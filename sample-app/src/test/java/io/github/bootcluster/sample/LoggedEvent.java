package io.github.bootcluster.sample;

import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * An event as the sample's listener in the master has logged it.
 *
 * @param name the simple name of the event's class, without its suffix
 * @param text what was logged of it
 */
record LoggedEvent(String name, String text) {

	private static final Pattern LINE = Pattern.compile("ClusterEventLogger +: (\\w+)Event: (.*)$");

	static List<LoggedEvent> of(ClusterProcess process) {
		return stream(process).toList();
	}

	/**
	 * Returns the events in the life of one worker.
	 * @param process the cluster
	 * @param worker the worker's id
	 * @return the events, in their order
	 */
	static List<LoggedEvent> of(ClusterProcess process, int worker) {
		return stream(process).filter((event) -> event.isOf(worker)).toList();
	}

	private static Stream<LoggedEvent> stream(ClusterProcess process) {
		return process.output()
			.lines()
			.stream()
			.map(LINE::matcher)
			.filter(Matcher::find)
			.map((matcher) -> new LoggedEvent(matcher.group(1), matcher.group(2)));
	}

	/**
	 * Returns the last event of a name that tells of a worker in a slot.
	 * @param process the cluster
	 * @param name the event's name
	 * @param slot the slot
	 * @return the event, if there was one
	 */
	static Optional<LoggedEvent> last(ClusterProcess process, String name, int slot) {
		return stream(process).filter((event) -> event.name().equals(name) && event.slot() == slot)
			.reduce((earlier, later) -> later);
	}

	/**
	 * Waits for an event, which may have happened before.
	 * @param process the cluster
	 * @param name the event's name
	 * @param worker the id of the worker that it tells of
	 * @return the event
	 */
	static LoggedEvent await(ClusterProcess process, String name, int worker) {
		process.await(name + " of worker " + worker, () -> find(process, name, worker).isPresent());
		return find(process, name, worker).orElseThrow();
	}

	private static Optional<LoggedEvent> find(ClusterProcess process, String name, int worker) {
		return of(process, worker).stream().filter((event) -> event.name().equals(name)).findFirst();
	}

	boolean isOf(int worker) {
		return this.name.startsWith("Worker") && worker() == worker;
	}

	int worker() {
		return Integer.parseInt(field("id"));
	}

	int slot() {
		return Integer.parseInt(field("slot"));
	}

	int generation() {
		return Integer.parseInt(field("generation"));
	}

	long pid() {
		return Long.parseLong(field("pid"));
	}

	/**
	 * Returns one component of the record that the event tells of.
	 * @param name the component's name
	 * @return its value
	 */
	String field(String name) {
		Matcher matcher = Pattern.compile("[\\[ ]" + name + "=([^,\\]]*)").matcher(this.text);
		if (!matcher.find()) {
			throw new AssertionError("No " + name + " in " + this);
		}
		return matcher.group(1);
	}

}
