package io.github.bootcluster.process;

import java.util.ArrayList;
import java.util.List;

/**
 * What one worker is given of the host. Each part is 0 where the cluster gives it
 * nothing, as the worker's own options say what it gets, or as it has the host alone.
 *
 * @param processors the processors that the JVM counts on
 * @param eventLoops the event loops of Reactor Netty
 * @param maxHeap the largest heap, in bytes
 */
public record WorkerShare(int processors, int eventLoops, long maxHeap) {

	private static final int MEBIBYTE = 1 << 20;

	/**
	 * Returns the options of the JVM that tell it so.
	 */
	public List<String> toJvmArguments() {
		List<String> arguments = new ArrayList<>();
		if (this.processors > 0) {
			arguments.add(ResourceDivision.PROCESSORS + this.processors);
		}
		if (this.eventLoops > 0) {
			arguments.add(ResourceDivision.EVENT_LOOPS + this.eventLoops);
		}
		if (this.maxHeap > 0) {
			arguments.add("%s%dm".formatted(ResourceDivision.MAX_HEAP, this.maxHeap / MEBIBYTE));
		}
		return arguments;
	}

	/**
	 * Puts the share into words.
	 * @return a phrase such as "1 processor, 1 event loop and a heap of at most 768 MB",
	 * empty if there is none
	 */
	public String describe() {
		List<String> parts = new ArrayList<>();
		if (this.processors > 0) {
			parts.add(count(this.processors, "processor"));
		}
		if (this.eventLoops > 0) {
			parts.add(count(this.eventLoops, "event loop"));
		}
		if (this.maxHeap > 0) {
			parts.add("a heap of at most %d MB".formatted(this.maxHeap / MEBIBYTE));
		}
		int last = parts.size() - 1;
		return (last > 0) ? String.join(", ", parts.subList(0, last)) + " and " + parts.get(last)
				: String.join("", parts);
	}

	private static String count(int number, String thing) {
		return (number == 1) ? "1 " + thing : "%d %ss".formatted(number, thing);
	}

}
