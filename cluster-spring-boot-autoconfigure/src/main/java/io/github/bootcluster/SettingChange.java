package io.github.bootcluster;

/**
 * A setting that has changed since the master was started.
 *
 * @param property the name of the property
 * @param from the value that holds, as it was written, or an empty string where there was
 * none
 * @param to the value that a new master would take, or an empty string
 */
public record SettingChange(String property, String from, String to) {

	/**
	 * Returns the change as a phrase.
	 * @return such as {@code cluster.distribution changed from 'random' to 'ip-hash'}
	 */
	@Override
	public String toString() {
		return "%s changed from '%s' to '%s'".formatted(this.property, this.from, this.to);
	}

}
