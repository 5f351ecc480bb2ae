package io.github.bootcluster.apps.grpc;

import java.io.IOException;
import java.util.Map;

import io.grpc.Server;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;

import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.context.annotation.Bean;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/**
 * Application that serves gRPC on a fixed port, besides HTTP.
 */
@SpringBootApplication(proxyBeanMethods = false)
@RestController
public class GrpcApplication {

	public static void main(String[] args) {
		SpringApplication.run(GrpcApplication.class, args);
	}

	@Bean(destroyMethod = "shutdownNow")
	Server grpcServer(@Value("${grpc.port:9090}") int port) throws IOException {
		return NettyServerBuilder.forPort(port).build().start();
	}

	@GetMapping("/")
	Map<String, Long> pid() {
		return Map.of("pid", ProcessHandle.current().pid());
	}

}
