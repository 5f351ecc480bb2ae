package io.github.bootcluster.wire;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

import io.netty.channel.EventLoopGroup;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Promises on bytes that are not a frame, on real Unix sockets: one clear line, the
 * connection is closed, and the others go on.
 */
@ExtendWith(OutputCaptureExtension.class)
@Timeout(60)
class BadFrameTests {

	private static final int MEGABYTE = 1024 * 1024;

	private final Transport transport = transport();

	@TempDir
	private Path temporary;

	private EventLoopGroup loop;

	private SocketDirectory directory;

	private ControlServer server;

	private final RecordingControlListener master = new RecordingControlListener();

	Transport transport() {
		return Transport.EPOLL;
	}

	@BeforeEach
	void open() throws IOException {
		this.loop = this.transport.newEventLoop("test");
		this.directory = SocketDirectory.create(this.temporary);
		this.server = ControlServer.open(this.directory, this.transport, this.loop, this.master);
	}

	@AfterEach
	void close() {
		this.server.close();
		this.directory.close();
		this.loop.shutdownGracefully();
	}

	static Stream<Arguments> badFrames() {
		return Stream.of(bad("{\"type\":", "Not a frame: Unexpected end-of-input"),
				bad("hello", "Not a frame: Unrecognized token 'hello'"),
				bad("{\"type\":\"bogus\"}", "Could not resolve type id 'bogus'"),
				bad("{\"type\":\"java.lang.ProcessBuilder\"}", "Could not resolve type id 'java.lang.ProcessBuilder'"),
				bad("{}", "missing type id property 'type'"), bad("[]", "Not a frame: "),
				bad("null", "Not a frame: null"), bad(TestFrames.READY_TEXT + " {}", "Not a frame: "),
				bad("{\"type\":\"hello\",\"worker\":1,\"pid\":1,\"protocol\":1}", "version"),
				bad("{\"type\":\"hello\",\"worker\":\"one\",\"pid\":1,\"protocol\":1,\"version\":\"1\"}",
						"Not a frame: "),
				bad("{\"type\":\"request\",\"number\":null,\"operation\":{\"type\":\"restart\",\"awaited\":false}}",
						"Not a frame: "),
				bad("{\"type\":\"request\",\"number\":1}", "Not a frame: "),
				bad("{\"type\":\"request\",\"number\":1,\"operation\":{\"type\":\"restart\"}}", "Not a frame: "),
				bad("{\"type\":\"request\",\"number\":1,\"operation\":{\"type\":\"java.lang.String\"}}",
						"Not a frame: "),
				bad("{\"type\":\"success\",\"request\":1,\"result\":{\"type\":\"java.util.HashMap\"}}",
						"Not a frame: "),
				bad("{\"type\":\"listen\",\"request\":1,\"host\":\"::\",\"port\":70000,\"ordinal\":0,\"backlog\":1}",
						"port 70000"),
				bad("", "Not a frame: No content"),
				Arguments.of("negative length", RawControlSocket.length(-1), "exceeds 4194304"),
				Arguments.of("oversized", RawControlSocket.length(5 * MEGABYTE), "exceeds 4194304"),
				Arguments.of("HTTP", "GET / HTTP/1.1\r\n\r\n".getBytes(StandardCharsets.US_ASCII), "exceeds 4194304"));
	}

	private static Arguments bad(String frame, String explanation) {
		return Arguments.of(frame, RawControlSocket.frames(frame), explanation);
	}

	@ParameterizedTest(name = "{0}")
	@MethodSource("badFrames")
	void badFrameEndsItsConnectionWithOneLineAndNoOther(String name, byte[] bytes, String explanation,
			CapturedOutput output) throws Exception {
		try (RawControlSocket good = RawControlSocket.connect(this.directory.control());
				RawControlSocket bad = RawControlSocket.connect(this.directory.control())) {
			bad.send(bytes);
			bad.awaitEnd();
			this.master.awaitEnd();
			assertThat(warnings(output)).singleElement()
				.asString()
				.contains("Closing the control connection")
				.contains(explanation)
				.doesNotContain("Exception");
			if (this.transport == Transport.EPOLL) {
				assertThat(output).contains("of pid " + ProcessHandle.current().pid());
			}
			assertThat(this.master.isSilent()).isTrue();
			good.send("{\"type\":\"request\",\"number\":7,\"operation\":{\"type\":\"restart\",\"awaited\":false}}");
			assertThat(this.master.awaitFrame()).isEqualTo(new Frame.Request(7, new Operation.Restart(null, false)));
		}
	}

	@Test
	void connectionsThatSayNothingDoNotPileUp(CapturedOutput output) throws Exception {
		List<RawControlSocket> silent = new ArrayList<>();
		try {
			for (int i = 0; i < Greetings.MAX_PENDING + 20; i++) {
				silent.add(RawControlSocket.connect(this.directory.control()));
			}
			for (int i = 0; i < 20; i++) {
				silent.get(i).awaitEnd();
			}
			try (RawControlSocket worker = RawControlSocket.connect(this.directory.control())) {
				worker.send(TestFrames.READY_TEXT);
				assertThat(this.master.awaitFrame()).isEqualTo(TestFrames.READY);
			}
			assertThat(warnings(output)).singleElement().asString().contains("said nothing");
		}
		finally {
			for (RawControlSocket socket : silent) {
				socket.close();
			}
		}
	}

	@Test
	void nothingBehindABadFrameIsHeardOrWarnedOf(CapturedOutput output) throws Exception {
		String[] frames = new String[100];
		Arrays.fill(frames, "{\"type\":\"bogus\"}");
		frames[50] = TestFrames.READY_TEXT;
		try (RawControlSocket socket = RawControlSocket.connect(this.directory.control())) {
			socket.send(frames);
			socket.awaitEnd();
			this.master.awaitEnd();
		}
		assertThat(warnings(output)).hasSize(1);
		assertThat(this.master.isSilent()).isTrue();
	}

	@Test
	void longNonsenseDoesNotFillTheLog(CapturedOutput output) throws Exception {
		try (RawControlSocket socket = RawControlSocket.connect(this.directory.control())) {
			socket.send("{\"type\":\"%s\"}".formatted("\\nx".repeat(MEGABYTE / 4)));
			socket.awaitEnd();
			this.master.awaitEnd();
		}
		assertThat(output.toString().lines().toList()).singleElement()
			.satisfies((line) -> assertThat(line).hasSizeLessThan(600));
	}

	@Test
	void truncatedFrameIsAnEndLikeAnyOther(CapturedOutput output) throws Exception {
		byte[] frame = RawControlSocket.frames(TestFrames.READY_TEXT);
		try (RawControlSocket socket = RawControlSocket.connect(this.directory.control())) {
			socket.send(Arrays.copyOf(frame, frame.length - 1));
		}
		this.master.awaitEnd();
		assertThat(this.master.isSilent()).isTrue();
		assertThat(warnings(output)).isEmpty();
	}

	@Test
	void frameInPiecesIsHeardOnceItIsWhole() throws Exception {
		try (RawControlSocket socket = RawControlSocket.connect(this.directory.control())) {
			for (byte piece : RawControlSocket.frames(TestFrames.READY_TEXT)) {
				socket.send(new byte[] { piece });
			}
			assertThat(this.master.awaitFrame()).isEqualTo(TestFrames.READY);
		}
	}

	@Test
	void fieldOfANewerVersionIsIgnored() throws Exception {
		try (RawControlSocket socket = RawControlSocket.connect(this.directory.control())) {
			socket.send(
					"{\"type\":\"request\",\"number\":3,\"operation\":{\"type\":\"restart\",\"awaited\":false,\"force\":true}}");
			assertThat(this.master.awaitFrame()).isEqualTo(new Frame.Request(3, new Operation.Restart(null, false)));
		}
	}

	@Test
	void workerClosesItsConnectionToWhatIsNoMaster(CapturedOutput output) throws Exception {
		Path path = this.temporary.resolve("other.sock");
		RecordingControlListener worker = new RecordingControlListener();
		try (ServerSocketChannel other = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
			other.bind(UnixDomainSocketAddress.of(path));
			ControlClient.connect(path, this.transport, this.loop, worker);
			try (RawControlSocket socket = RawControlSocket.accept(other)) {
				socket.send("{\"type\":\"bogus\"}");
				socket.awaitEnd();
			}
			worker.awaitEnd();
		}
		assertThat(warnings(output)).singleElement()
			.asString()
			.contains("Closing the control connection")
			.contains("Could not resolve type id 'bogus'");
		assertThat(worker.isSilent()).isTrue();
	}

	private static List<String> warnings(CapturedOutput output) {
		return output.toString().lines().filter((line) -> line.contains(" WARN ")).toList();
	}

}
