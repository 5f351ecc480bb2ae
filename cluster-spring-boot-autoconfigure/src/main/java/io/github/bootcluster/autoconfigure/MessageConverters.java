package io.github.bootcluster.autoconfigure;

import io.github.bootcluster.message.ClusterMessageConverter;
import io.github.bootcluster.message.support.JacksonMessageConverter;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.beans.factory.ObjectProvider;

/**
 * Finds out how payloads of messages become JSON.
 */
final class MessageConverters {

	private MessageConverters() {
	}

	/**
	 * Returns the application's own converter, or one of its mapper, or a plain one.
	 */
	static ClusterMessageConverter choose(ObjectProvider<ClusterMessageConverter> converters,
			ObjectProvider<JsonMapper> mappers) {
		return converters.getIfAvailable(() -> {
			JsonMapper mapper = mappers.getIfUnique();
			return (mapper != null) ? new JacksonMessageConverter(mapper) : JacksonMessageConverter.plain();
		});
	}

}
