package io.github.bootcluster.metrics.prometheus;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.util.Base64;
import java.util.List;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;

import com.fasterxml.jackson.annotation.JsonInclude;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.json.JsonMapper;

/**
 * Families of meters as text: JSON, compressed, as names and labels repeat.
 */
final class MeterCodec {

	/**
	 * Bytes that are read of a text at most: a worker is not to fill the memory of
	 * another.
	 */
	private static final int MAX_BYTES = 64 * 1024 * 1024;

	private static final TypeReference<List<MeterFamily>> FAMILIES = new TypeReference<>() {
	};

	private static final JsonMapper MAPPER = JsonMapper.builder()
		.changeDefaultPropertyInclusion((inclusion) -> inclusion.withValueInclusion(JsonInclude.Include.NON_DEFAULT))
		.disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES, DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
		.build();

	private MeterCodec() {
	}

	static String encode(List<MeterFamily> families) {
		ByteArrayOutputStream bytes = new ByteArrayOutputStream();
		try (OutputStream compressed = new GZIPOutputStream(bytes)) {
			MAPPER.writerFor(FAMILIES).writeValue(compressed, families);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		return Base64.getEncoder().encodeToString(bytes.toByteArray());
	}

	/**
	 * Reads families.
	 * @throws IOException if it is no such text
	 */
	static List<MeterFamily> decode(String text) throws IOException {
		try (InputStream json = new GZIPInputStream(new ByteArrayInputStream(Base64.getDecoder().decode(text)))) {
			byte[] bytes = json.readNBytes(MAX_BYTES);
			return MAPPER.readValue(bytes, FAMILIES);
		}
		catch (RuntimeException ex) {
			throw new IOException("These are no meters", ex);
		}
	}

}
