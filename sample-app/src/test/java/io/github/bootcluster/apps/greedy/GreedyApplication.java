package io.github.bootcluster.apps.greedy;

import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.Map;

import io.netty.channel.unix.DomainSocketAddress;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.netty.http.server.HttpServer;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/**
 * Application that starts as many servers as it is asked to, wherever that is.
 */
@SpringBootApplication(proxyBeanMethods = false)
@RestController
public class GreedyApplication {

	public static void main(String[] args) {
		SpringApplication.run(GreedyApplication.class, args);
	}

	@GetMapping("/")
	Map<String, Long> pid() {
		return Map.of("pid", ProcessHandle.current().pid());
	}

	/**
	 * Starts servers, one after another, until one cannot be started.
	 * @param count how many
	 * @param port where each of them listens
	 * @param path where it does so instead
	 * @return how many were started, and why not more
	 */
	@GetMapping("/listen")
	Mono<String> listen(@RequestParam(defaultValue = "1") int count, @RequestParam(defaultValue = "0") int port,
			@RequestParam(required = false) @Nullable String path) {
		SocketAddress address = (path != null) ? new DomainSocketAddress(path)
				: new InetSocketAddress("127.0.0.1", port);
		return Flux.range(0, count)
			.concatMap((number) -> HttpServer.create().bindAddress(() -> address).bind().map((server) -> ""))
			.onErrorResume((ex) -> Mono.just(ex + " " + ex.getCause()))
			.collectList()
			.map((all) -> all.stream().filter(String::isEmpty).count() + " servers " + all.get(all.size() - 1));
	}

}
