package io.github.bootcluster.message.support;

import java.lang.reflect.Type;
import java.nio.charset.StandardCharsets;

import io.github.bootcluster.ClusterMessageFailedException;
import io.github.bootcluster.ClusterMessageTooLargeException;
import io.github.bootcluster.message.ClusterMessageConverter;
import io.github.bootcluster.message.ClusterMessages;
import io.github.bootcluster.message.MessageFailure;
import org.jspecify.annotations.Nullable;

/**
 * Turns payloads into JSON that fits into a frame, and back.
 */
final class Payloads {

	private final ClusterMessageConverter converter;

	Payloads(ClusterMessageConverter converter) {
		this.converter = converter;
	}

	String write(String name, @Nullable Object payload) {
		String json;
		try {
			json = this.converter.write(payload);
		}
		catch (Exception | StackOverflowError ex) {
			throw unwritable(name, ex.toString(), ex);
		}
		int size = json.getBytes(StandardCharsets.UTF_8).length;
		if (size > ClusterMessages.MAX_PAYLOAD) {
			throw new ClusterMessageTooLargeException(name, size, ClusterMessages.MAX_PAYLOAD);
		}
		// Within a frame these would grow sixfold, or could not be written at all; what
		// else has to be escaped makes it grow twofold
		if (json.chars().anyMatch((character) -> character < ' ' && "\t\r\n".indexOf(character) < 0)) {
			throw unwritable(name, "its JSON has control characters", null);
		}
		if (!StandardCharsets.UTF_8.newEncoder().canEncode(json)) {
			throw unwritable(name, "its JSON has half of a surrogate pair", null);
		}
		return json;
	}

	private static ClusterMessageFailedException unwritable(String name, String reason, @Nullable Throwable cause) {
		return new ClusterMessageFailedException(MessageFailure.UNWRITABLE,
				"The payload of message '%s' cannot be written as JSON: %s".formatted(name, reason), cause);
	}

	@Nullable Object read(String name, String json, Type type) {
		try {
			return this.converter.read(json, type);
		}
		catch (Exception | StackOverflowError ex) {
			throw new ClusterMessageFailedException(MessageFailure.UNREADABLE,
					"The payload of message '%s' cannot be read as %s: %s".formatted(name, type.getTypeName(), ex), ex);
		}
	}

}
