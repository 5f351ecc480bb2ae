package io.github.bootcluster.sample;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.net.InetSocketAddress;
import java.time.Duration;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.BufferOverflowStrategy;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.netty.http.server.HttpServerRequest;

import org.springframework.core.env.Environment;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.codec.ServerSentEvent;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.http.server.reactive.ServerHttpRequestDecorator;
import org.springframework.util.unit.DataSize;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.server.ResponseStatusException;

/**
 * The sample's HTTP endpoints.
 */
@RestController
class SampleController {

	private static final Log logger = LogFactory.getLog(SampleController.class);

	private static final Duration LONGEST_DURATION = Duration.ofMinutes(1);

	private static final Duration LONGEST_WORK = Duration.ofMillis(100);

	private static final Duration SHORTEST_INTERVAL = Duration.ofMillis(10);

	private static final int BUFFERED_EVENTS = 100;

	private static final DataSize LARGEST_TEXT = DataSize.ofMegabytes(4);

	private static final String LINE = "All work and no play makes the worker a dull process.\n";

	private final ProcessIdentity identity;

	private final Environment environment;

	private final SampleProperties properties;

	SampleController(ProcessIdentity identity, Environment environment, SampleProperties properties) {
		this.identity = identity;
		this.environment = environment;
		this.properties = properties;
	}

	@GetMapping("/")
	ProcessIdentity identity() {
		if (this.properties.failing()) {
			throw new ResponseStatusException(HttpStatus.INTERNAL_SERVER_ERROR, "sample.failing is set");
		}
		return this.identity;
	}

	@GetMapping("/slow")
	Mono<ProcessIdentity> slow(@RequestParam(defaultValue = "2s") Duration duration) {
		check(!duration.isNegative() && duration.compareTo(LONGEST_DURATION) <= 0,
				"duration is at most " + LONGEST_DURATION.toSeconds() + "s");
		logger.debug("Answering in " + duration.toMillis() + " ms");
		return Mono.delay(duration).thenReturn(this.identity);
	}

	@GetMapping("/work")
	ProcessIdentity work(@RequestParam(defaultValue = "1ms") Duration duration) {
		check(!duration.isNegative() && duration.compareTo(LONGEST_WORK) <= 0,
				"duration is at most " + LONGEST_WORK.toMillis() + "ms");
		ThreadMXBean threads = ManagementFactory.getThreadMXBean();
		long end = threads.getCurrentThreadCpuTime() + duration.toNanos();
		while (threads.getCurrentThreadCpuTime() < end) {
			Thread.onSpinWait();
		}
		return this.identity;
	}

	@GetMapping(path = "/events", produces = MediaType.TEXT_EVENT_STREAM_VALUE)
	Flux<ServerSentEvent<ProcessIdentity>> events(@RequestParam(defaultValue = "1s") Duration interval,
			@RequestParam(required = false) @Nullable Long count) {
		check(interval.compareTo(SHORTEST_INTERVAL) >= 0,
				"interval is at least " + SHORTEST_INTERVAL.toMillis() + "ms");
		check(count == null || count > 0, "count is positive");
		return Flux.interval(interval)
			.onBackpressureBuffer(BUFFERED_EVENTS, BufferOverflowStrategy.DROP_OLDEST)
			.take((count != null) ? count : Long.MAX_VALUE)
			.map((number) -> ServerSentEvent.builder(this.identity).id(Long.toString(number)).event("tick").build());
	}

	@GetMapping("/request")
	RequestView request(ServerHttpRequest request) {
		InetSocketAddress remote = request.getRemoteAddress();
		HttpServerRequest nativeRequest = ServerHttpRequestDecorator.getNativeRequest(request);
		return new RequestView((remote != null) ? remote.getHostString() : null,
				(remote != null) ? remote.getPort() : null, request.getURI().getScheme(), request.getURI().getHost(),
				nativeRequest.protocol(), this.environment.getProperty("local.server.port", Integer.class));
	}

	@GetMapping(path = "/text", produces = MediaType.TEXT_PLAIN_VALUE)
	String text(@RequestParam(defaultValue = "64KB") DataSize size) {
		check(!size.isNegative() && size.compareTo(LARGEST_TEXT) <= 0, "size is at most " + LARGEST_TEXT);
		int length = (int) size.toBytes();
		return LINE.repeat(length / LINE.length() + 1).substring(0, length);
	}

	private static void check(boolean valid, String reason) {
		if (!valid) {
			throw new ResponseStatusException(HttpStatus.BAD_REQUEST, reason);
		}
	}

	/**
	 * A request as the application sees it.
	 *
	 * @param remoteAddress the client's address
	 * @param remotePort the client's port
	 * @param scheme {@code http} or {@code https}
	 * @param host the host that the client named
	 * @param protocol the protocol and its version
	 * @param localServerPort the port that the application believes to listen on
	 */
	record RequestView(@Nullable String remoteAddress, @Nullable Integer remotePort, String scheme, String host,
			String protocol, @Nullable Integer localServerPort) {

	}

}
