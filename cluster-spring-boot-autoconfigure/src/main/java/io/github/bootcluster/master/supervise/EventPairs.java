package io.github.bootcluster.master.supervise;

import java.util.regex.Pattern;

/**
 * Pairs of a key and a value that tell of an event, in one line and in the order in which
 * they were added. A value that would not be read as one word is quoted.
 */
final class EventPairs {

	private static final Pattern WORD = Pattern.compile("[^\\s\"=\\\\]+");

	private final StringBuilder text;

	EventPairs(String event) {
		this.text = new StringBuilder("event=").append(event);
	}

	EventPairs add(String key, Object value) {
		this.text.append(' ').append(key).append('=').append(quote(value.toString()));
		return this;
	}

	private static String quote(String value) {
		if (WORD.matcher(value).matches()) {
			return value;
		}
		return '"' + value.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n").replace("\r", "\\r") + '"';
	}

	@Override
	public String toString() {
		return this.text.toString();
	}

}
