package io.github.bootcluster.sample;

import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A whole HTTP/1.1 answer.
 *
 * @param status the status code
 * @param headers the headers, by name in any case
 * @param body the body, decoded from its transfer coding only
 */
record HttpAnswer(int status, Map<String, String> headers, byte[] body) {

	private static final Pattern PID = Pattern.compile("\"pid\":(\\d+)");

	String text() {
		return new String(this.body, StandardCharsets.UTF_8);
	}

	String header(String name) {
		return this.headers.getOrDefault(name, "");
	}

	/**
	 * Tells whether the server will close the connection behind this answer.
	 * @return whether the connection is of no further use
	 */
	boolean announcesClose() {
		return header("Connection").equalsIgnoreCase("close");
	}

	/**
	 * Returns the process that answered, if the answer names it.
	 * @return the process id
	 */
	OptionalLong pid() {
		Matcher matcher = PID.matcher(text());
		return matcher.find() ? OptionalLong.of(Long.parseLong(matcher.group(1))) : OptionalLong.empty();
	}

}
