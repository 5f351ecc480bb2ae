package io.github.bootcluster.autoconfigure.properties;

import java.util.Arrays;
import java.util.List;
import java.util.Map;

import io.github.bootcluster.process.ArgumentText;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.util.StringUtils;

/**
 * Arguments of workers as they were meant. A list that is written as one text is split at
 * each comma by Spring, and at no space: neither is right for arguments. One that is
 * written element by element is taken as it is.
 */
final class WorkerArguments {

	private static final String ELEMENTS = "or one element each, such as %s[0]=-Xmx256m";

	private final Binder binder;

	WorkerArguments(Binder binder) {
		this.binder = binder;
	}

	/**
	 * Sees to it that all arguments can be understood.
	 */
	void check(ClusterProperties properties) {
		jvm("cluster.worker.jvm-args", properties.worker().jvmArgs());
		program("cluster.worker.args", properties.worker().args());
		for (Map.Entry<String, ClusterProperties.Group> group : properties.groups().entrySet()) {
			jvm("cluster.groups.%s.jvm-args".formatted(group.getKey()), group.getValue().jvmArgs());
			program("cluster.groups.%s.args".formatted(group.getKey()), group.getValue().args());
		}
	}

	/**
	 * Returns JVM arguments.
	 */
	List<String> jvm(String property, List<String> bound) {
		List<String> arguments = split(property, bound);
		String wrong = ArgumentText.firstThatIsNoOption(arguments);
		if (!wrong.isEmpty()) {
			throw new InvalidClusterPropertyException(property, String.join(" ", arguments),
					("JVM arguments that begin with '-', which '%s' does not: separated by spaces, with quotes around what "
							+ "contains a space, " + ELEMENTS)
						.formatted(wrong, property));
		}
		return arguments;
	}

	/**
	 * Returns program arguments.
	 * @param bound what Spring has made of it, or {@code null} if it is not set
	 * @return the arguments, or {@code null} if it is not set
	 */
	@Nullable List<String> program(String property, @Nullable List<String> bound) {
		return (bound != null) ? split(property, bound) : null;
	}

	private List<String> split(String property, List<String> bound) {
		String text = this.binder.bind(property, String.class).orElse("");
		// Elements in a source that comes first are no part of that text
		if (!bound.equals(bySpring(text))) {
			return bound;
		}
		try {
			return ArgumentText.split(text);
		}
		catch (IllegalArgumentException ex) {
			throw new InvalidClusterPropertyException(property, text,
					"arguments separated by spaces, in which each quote is closed, " + ELEMENTS.formatted(property));
		}
	}

	private static List<String> bySpring(String text) {
		return Arrays.stream(StringUtils.delimitedListToStringArray(text, ",")).map(String::trim).toList();
	}

}
