package io.github.bootcluster.autoconfigure.properties;

import io.github.bootcluster.ClusterException;

/**
 * Thrown when a property of the cluster has a value that is not allowed.
 */
public class InvalidClusterPropertyException extends ClusterException {

	private final String property;

	private final Object value;

	private final String allowed;

	public InvalidClusterPropertyException(String property, Object value, String allowed) {
		super("Property '%s' is '%s', but must be %s".formatted(property, value, allowed));
		this.property = property;
		this.value = value;
		this.allowed = allowed;
	}

	public String getProperty() {
		return this.property;
	}

	public Object getValue() {
		return this.value;
	}

	public String getAllowed() {
		return this.allowed;
	}

}
