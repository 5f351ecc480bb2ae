package io.github.bootcluster.message.support;

import java.lang.reflect.Type;

import io.github.bootcluster.message.ClusterMessageConverter;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/**
 * {@link ClusterMessageConverter} of Jackson 3. It allows no types to be named in the
 * JSON that the mapper does not.
 */
public final class JacksonMessageConverter implements ClusterMessageConverter {

	private final JsonMapper mapper;

	/**
	 * Creates a converter.
	 */
	public JacksonMessageConverter(JsonMapper mapper) {
		this.mapper = mapper;
	}

	/**
	 * Creates the converter of a process that has no mapper.
	 */
	public static JacksonMessageConverter plain() {
		return new JacksonMessageConverter(JsonMapper.builder().build());
	}

	@Override
	public String write(@Nullable Object payload) {
		return this.mapper.writeValueAsString(payload);
	}

	@Override
	public @Nullable Object read(String json, Type type) {
		return this.mapper.readValue(json, this.mapper.constructType(type));
	}

}
