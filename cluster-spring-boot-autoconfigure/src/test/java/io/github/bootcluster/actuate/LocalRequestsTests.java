package io.github.bootcluster.actuate;

import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.http.HttpHeaders;

import static org.assertj.core.api.Assertions.assertThat;

class LocalRequestsTests {

	private static final SocketAddress LOOPBACK = new InetSocketAddress("127.0.0.1", 40000);

	private static final SocketAddress STRANGER = new InetSocketAddress("192.0.2.7", 40000);

	private final HttpHeaders headers = new HttpHeaders();

	LocalRequestsTests() {
		this.headers.set(HttpHeaders.HOST, "localhost:8080");
	}

	@ParameterizedTest
	@ValueSource(strings = { "127.0.0.1", "127.3.2.1", "::1", "::ffff:127.0.0.1" })
	void aLoopbackPeerIsLocal(String address) {
		SocketAddress peer = new InetSocketAddress(address, 40000);
		assertThat(objection(peer, peer)).isNull();
	}

	@ParameterizedTest
	@ValueSource(strings = { "192.0.2.7", "10.0.0.1", "0.0.0.0", "2001:db8::1", "fe80::1", "::ffff:192.0.2.7" })
	void anyOtherPeerIsNot(String address) {
		SocketAddress peer = new InetSocketAddress(address, 40000);
		assertThat(objection(peer, peer)).contains("loopback address");
	}

	@Test
	void aStrangerBehindALocalProxyIsNotLocalEvenIfOnlyTheWebServerKnowsOfHim() {
		assertThat(objection(STRANGER, LOOPBACK)).contains("loopback address");
	}

	@Test
	void aStrangerWhoClaimsToBeLocalIsNot() {
		assertThat(objection(LOOPBACK, STRANGER)).contains("loopback address");
	}

	@Test
	void aPeerWithoutAnInternetAddressIsNotLocal() {
		assertThat(objection(null, null)).contains("loopback address");
		assertThat(objection(null, UnixDomainSocketAddress.of("/tmp/proxy"))).contains("loopback address");
		assertThat(objection(LOOPBACK, InetSocketAddress.createUnresolved("localhost", 1)))
			.contains("loopback address");
	}

	@ParameterizedTest
	@ValueSource(strings = { "Forwarded", "X-Forwarded-For", "x-forwarded-host", "X-Forwarded-Proto",
			"X-Forwarded-Port", "X-Forwarded-Prefix", "X-Forwarded-Ssl", "X-Forwarded-Server", "X-Real-IP", "Via",
			"X-Original-Forwarded-For", "True-Client-IP", "CF-Connecting-IP" })
	void aForwardedRequestIsNotLocalWhateverItsHeaderSays(String header) {
		this.headers.set(header, "127.0.0.1");
		assertThat(objection(LOOPBACK, LOOPBACK)).contains("forwarded");
	}

	@ParameterizedTest
	@ValueSource(strings = { "localhost", "LOCALHOST:80", "127.0.0.1", "127.0.0.1:8080", "127.255.0.9:1", "[::1]",
			"[::1]:8080" })
	void aHostThatNamesTheLoopbackInterfaceIsLocal(String host) {
		this.headers.set(HttpHeaders.HOST, host);
		assertThat(objection(LOOPBACK, LOOPBACK)).isNull();
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "example.org", "example.org:8080", "localhost.example.org", "127.0.0.1.example.org",
			"127.1", "127.0.0.256", "127.0.0.1:", "127.0.0.1:x", "localhost@example.org", "example.org@localhost",
			"192.0.2.7", "0.0.0.0:8080", "[::]", "[::1", "::1", "[::2]:8080", "localhost,example.org", "localhost/x",
			"localhost\n" })
	void aHostThatMayBeBoundToAStrangersPageIsNot(String host) {
		this.headers.set(HttpHeaders.HOST, host);
		assertThat(objection(LOOPBACK, LOOPBACK)).contains("Host");
	}

	@ParameterizedTest
	@ValueSource(strings = { "/", "/actuator/cluster?x=http://example.org/", "//example.org/actuator/cluster",
			"http://localhost/actuator/cluster", "HTTP://127.0.0.1:8080", "http://[::1]:80?x", "https://localhost/" })
	void aTargetThatNamesNoOtherHostIsLocal(String target) {
		assertThat(objection(LOOPBACK, LOOPBACK, target)).isNull();
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "*", "http://example.org/actuator/cluster", "http://localhost@example.org/",
			"http://localhost.example.org/", "http:///actuator/cluster", "http://127.0.0.1:8080@example.org/",
			"ftp://localhost/", "example.org:80", "actuator/cluster", "http://localhost\\@example.org/" })
	void aTargetThatMayNameAnotherHostIsNot(String target) {
		assertThat(objection(LOOPBACK, LOOPBACK, target)).contains("target");
	}

	@Test
	void exactlyOneHostIsAskedFor() {
		this.headers.add(HttpHeaders.HOST, "localhost:8080");
		assertThat(objection(LOOPBACK, LOOPBACK)).contains("Host");
		this.headers.remove(HttpHeaders.HOST);
		assertThat(objection(LOOPBACK, LOOPBACK)).contains("Host");
	}

	@ParameterizedTest
	@ValueSource(strings = { "http://localhost", "https://localhost:3000", "http://127.0.0.1:8080", "http://[::1]:9" })
	void aPageOfTheMachineItselfIsLocal(String origin) {
		this.headers.setOrigin(origin);
		assertThat(objection(LOOPBACK, LOOPBACK)).isNull();
	}

	@ParameterizedTest
	@ValueSource(strings = { "null", "", "https://example.org", "http://localhost.example.org", "file://localhost",
			"http://localhost:8080/x", "http://localhost https://example.org", "chrome-extension://localhost" })
	void aForeignPageIsNot(String origin) {
		this.headers.setOrigin(origin);
		assertThat(objection(LOOPBACK, LOOPBACK)).contains("Origin");
	}

	private @Nullable String objection(@Nullable SocketAddress client, @Nullable SocketAddress peer) {
		return objection(client, peer, "/actuator/cluster");
	}

	private @Nullable String objection(@Nullable SocketAddress client, @Nullable SocketAddress peer, String target) {
		return LocalRequests.findObjection(new ReceivedRequest(client, peer, LOOPBACK, target, this.headers));
	}

}
