package io.github.bootcluster.autoconfigure.properties;

import java.util.List;
import java.util.stream.Collectors;

import io.github.bootcluster.ClusterException;
import org.jspecify.annotations.Nullable;

/**
 * Thrown when there are properties that can only be meant for the cluster, which does not
 * know them.
 */
public class UnknownPropertiesException extends ClusterException {

	private final List<Unknown> unknown;

	UnknownPropertiesException(List<Unknown> unknown) {
		super("Unknown: " + unknown.stream().map(Unknown::describe).collect(Collectors.joining(", ")));
		this.unknown = List.copyOf(unknown);
	}

	public List<Unknown> getUnknown() {
		return this.unknown;
	}

	/**
	 * A property that nothing is bound from.
	 *
	 * @param name its name
	 * @param origin where it is set, in brackets
	 * @param nearest the property that was probably meant
	 */
	public record Unknown(String name, String origin, @Nullable String nearest) {

		public String describe() {
			return "'%s'%s".formatted(this.name, this.origin);
		}

	}

}
