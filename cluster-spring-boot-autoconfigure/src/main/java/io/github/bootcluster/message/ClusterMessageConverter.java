package io.github.bootcluster.message;

import java.lang.reflect.Type;

import org.jspecify.annotations.Nullable;

/**
 * Turns payloads of messages into JSON and back. By default this is done by the
 * application's own Jackson 3 {@code JsonMapper}, in the master by a plain one; a bean of
 * this type replaces it, for instance to use Jackson 2.
 */
public interface ClusterMessageConverter {

	/**
	 * Writes a payload.
	 * @param payload the payload
	 * @return the JSON
	 * @throws Exception if it cannot be written
	 */
	String write(@Nullable Object payload) throws Exception;

	/**
	 * Reads a payload.
	 * @param json the JSON
	 * @param type what to read it as
	 * @return the payload
	 * @throws Exception if the JSON is malformed or does not fit
	 */
	@Nullable Object read(String json, Type type) throws Exception;

}
