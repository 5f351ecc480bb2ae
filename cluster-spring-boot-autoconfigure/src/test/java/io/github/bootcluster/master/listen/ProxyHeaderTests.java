package io.github.bootcluster.master.listen;

import java.io.ByteArrayOutputStream;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

class ProxyHeaderTests {

	private static final byte[] SIGNATURE = "\r\n\r\n\0\r\nQUIT\n".getBytes(StandardCharsets.US_ASCII);

	private static final byte[] INET = { 10, 1, 2, 3, 10, 9, 9, 9, 0x30, 0x39, 0, 80 };

	private static final byte[] INET6 = new byte[36];

	static {
		INET6[0] = 0x20;
		INET6[1] = 1;
		INET6[15] = 7;
		INET6[32] = 0x30;
		INET6[33] = 0x39;
	}

	static Stream<Arguments> headers() {
		return Stream.of(Arguments.of(text("PROXY TCP4 192.0.2.7 10.0.0.1 12345 443\r\n"), "192.0.2.7"),
				Arguments.of(text("PROXY TCP6 2001:db8::7 ::1 12345 443\r\n"), "2001:db8::7"),
				Arguments.of(binary(0x21, 0x11, 12, INET), "10.1.2.3"),
				Arguments.of(binary(0x21, 0x21, 36, INET6), "2001::7"),
				Arguments.of(binary(0x21, 0x11, 60_000, INET), "10.1.2.3"));
	}

	@ParameterizedTest
	@MethodSource("headers")
	void clientIsKnownAsSoonAsItsBytesAreThere(byte[] header, String client) {
		ProxyHeader read = null;
		for (int i = 0; i <= header.length && read == null; i++) {
			read = ProxyHeader.read(ByteBuffer.wrap(header, 0, i));
		}
		assertThat(read).isEqualTo(new ProxyHeader(new InetSocketAddress(client, 12345)));
		ByteBuffer followed = ByteBuffer.allocate(ProxyHeader.LONGEST).put(header).limit(ProxyHeader.LONGEST).rewind();
		assertThat(ProxyHeader.read(followed)).as("with what follows").isEqualTo(read);
	}

	static Stream<byte[]> withoutClient() {
		return Stream.of(text("PROXY UNKNOWN\r\n"), text("PROXY UNKNOWN ffff::1 ffff::2 65535 65535\r\n"),
				text("PROXY TCP4 example.org 10.0.0.1 1 2\r\n"), text("PROXY TCP4 999.1.1.1 10.0.0.1 1 2\r\n"),
				text("PROXY TCP4 10.0.0.1 10.0.0.1 x 2\r\n"), text("PROXY TCP4 10.0.0.1 10.0.0.1 65536 2\r\n"),
				text("PROXY TCP4 10.0.0.1 10.0.0.1 -1 2\r\n"), text("PROXY TCP4 10.0.0.1 10.0.0.1 1 2\n"),
				text("PROXY \r\n"), text("PROXY TCP4 " + "1".repeat(100)), text("GET / HTTP/1.1\r\n\r\n"), text("POST"),
				text("\r\nGET / HTTP/1.1"), new byte[] { 0x16, 3, 1 }, binary(0x20, 0, 0, new byte[0]),
				binary(0x20, 0x11, 12, INET), binary(0x31, 0x11, 12, INET), binary(0x21, 0x31, 216, new byte[112]),
				binary(0x21, 0x11, 11, INET), binary(0x21, 0x21, 12, INET), binary(0x21, 0, 0, new byte[0]));
	}

	@ParameterizedTest
	@MethodSource("withoutClient")
	void nobodyIsTheClientOfWhatNamesNone(byte[] bytes) {
		assertThat(ProxyHeader.read(ByteBuffer.wrap(bytes))).isEqualTo(ProxyHeader.NONE);
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "P", "PROXY", "PROXY ", "PROXY TCP4 1.2.3.4 5.6.7.8 1 2\r", "\r\n\r\n" })
	void moreIsNeededOfWhatMayBeAHeader(String bytes) {
		assertThat(ProxyHeader.read(ByteBuffer.wrap(text(bytes)))).isNull();
	}

	@Test
	void whateverComesIsJudgedWithinTheLongestHeader() {
		Random random = new Random(5);
		for (int i = 0; i < 20_000; i++) {
			byte[] bytes = new byte[ProxyHeader.LONGEST];
			random.nextBytes(bytes);
			byte[] beginning = random.nextBoolean() ? text("PROXY TCP4 ") : SIGNATURE;
			System.arraycopy(beginning, 0, bytes, 0, random.nextInt(beginning.length + 1));
			assertThat(ProxyHeader.read(ByteBuffer.wrap(bytes))).isNotNull();
		}
	}

	private static byte[] text(String text) {
		return text.getBytes(StandardCharsets.US_ASCII);
	}

	private static byte[] binary(int command, int family, int length, byte[] addresses) {
		ByteArrayOutputStream bytes = new ByteArrayOutputStream();
		bytes.writeBytes(SIGNATURE);
		bytes.write(command);
		bytes.write(family);
		bytes.write(length >> 8);
		bytes.write(length);
		bytes.writeBytes(addresses);
		return bytes.toByteArray();
	}

}
