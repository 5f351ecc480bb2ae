package io.github.bootcluster.autoconfigure;

import java.io.IOException;
import java.lang.reflect.Type;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalDate;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;

import io.github.bootcluster.Cluster;
import io.github.bootcluster.ClusterUnavailableException;
import io.github.bootcluster.message.ClusterMessage;
import io.github.bootcluster.message.ClusterMessageConverter;
import io.github.bootcluster.message.ClusterMessageListener;
import io.github.bootcluster.message.ClusterMessages;
import io.github.bootcluster.message.MessageTarget;
import io.github.bootcluster.wire.Frame;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import reactor.core.publisher.Mono;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.jackson.autoconfigure.JacksonAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Lazy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests of listeners in beans, and of messages as beans get them.
 */
@Timeout(60)
class ClusterMessageListenerTests {

	@TempDir
	Path base;

	private StubMaster master;

	private ApplicationContextRunner worker;

	private final ApplicationContextRunner standalone = new ApplicationContextRunner().withConfiguration(
			AutoConfigurations.of(ClusterMessagesAutoConfiguration.class, ClusterAutoConfiguration.class));

	@BeforeEach
	void open() throws IOException {
		this.master = new StubMaster(this.base);
		this.worker = this.standalone.withInitializer(this.master.worker());
	}

	@AfterEach
	void close() throws Exception {
		this.master.close();
	}

	@Test
	void methodsOfBeansHearAndReply() {
		this.worker.withUserConfiguration(Listeners.class).run((context) -> {
			assertThat(ask("days", "[\"2026-01-02\",\"2026-01-03\"]")).isEqualTo("\"2 from 3\"");
			assertThat(ask("headers", "1")).isEqualTo("3");
			assertThat(ask("nothing", "{}")).isEqualTo("null");
			assertThat(ask("mono", "2")).isEqualTo("3");
			assertThat(ask("hidden", "2")).isEqualTo("4");
			assertThat(ask("lazy", "2")).isEqualTo("5");
		});
	}

	@Test
	void payloadsGoThroughTheJacksonOfTheApplication() {
		this.worker.withConfiguration(AutoConfigurations.of(JacksonAutoConfiguration.class))
			.withPropertyValues("spring.jackson.property-naming-strategy=SNAKE_CASE")
			.withUserConfiguration(Listeners.class)
			.run((context) -> assertThat(ask("named", "{\"given_name\":\"Ann\"}"))
				.isEqualTo("{\"given_name\":\"Ann!\"}"));
		this.worker.withUserConfiguration(Listeners.class)
			.run((context) -> assertThat(ask("named", "{\"givenName\":\"Ann\"}"))
				.isEqualTo("{\"givenName\":\"Ann!\"}"));
	}

	@Test
	void converterOfTheApplicationTakesTheJacksonsPlace() {
		this.worker.withBean(ClusterMessageConverter.class, Fixed::new)
			.withUserConfiguration(Listeners.class)
			.run((context) -> assertThat(ask("headers", "1")).isEqualTo("\"fixed\""));
	}

	@Test
	void methodThatCannotListenEndsTheStartEverywhere() {
		for (ApplicationContextRunner runner : List.of(this.worker, this.standalone)) {
			runner.withBean(TooManyParameters.class)
				.run((context) -> assertThat(context).getFailure()
					.hasMessageContaining("TooManyParameters.hear")
					.hasMessageContaining("has 2 parameters, allowed are one for the payload and one of type "
							+ "ClusterMessage behind it"));
			runner.withBean(NoName.class)
				.run((context) -> assertThat(context).getFailure()
					.hasMessageContaining("allowed is a name of 1 to 200 characters"));
		}
	}

	@Test
	void processThatIsNotClusteredHasNobodyToTalkTo() {
		this.standalone.withUserConfiguration(Listeners.class).run((context) -> {
			ClusterMessages messages = context.getBean(ClusterMessages.class);
			assertThat(context.getBean(Cluster.class).messages()).isSameAs(messages);
			assertThat(messages.broadcast("x", 1)).isCompletedWithValue(0);
			assertThat(messages.send(MessageTarget.workers(), "x", 1)).isCompleted();
			List<CompletionStage<?>> failed = List.of(messages.send(MessageTarget.master(), "x", 1),
					messages.request(MessageTarget.worker(1), "x", 1, String.class, Duration.ofSeconds(1)));
			for (CompletionStage<?> stage : failed) {
				assertThatExceptionOfType(ExecutionException.class)
					.isThrownBy(() -> stage.toCompletableFuture().get(20, TimeUnit.SECONDS))
					.withCauseInstanceOf(ClusterUnavailableException.class)
					.withMessageContaining("This process is not clustered");
			}
			messages.listen("x", String.class, (payload, message) -> null).close();
		});
	}

	private String ask(String name, String payload) throws InterruptedException {
		this.master.tell(new Frame.Deliver(5, new ClusterMessage(name, payload, 3, 2, true)));
		Frame.Settled settled = this.master.hear(Frame.Settled.class);
		assertThat(settled).isInstanceOf(Frame.Handled.class);
		return ((Frame.Handled) settled).reply();
	}

	@Configuration(proxyBeanMethods = false)
	static class Listeners {

		@ClusterMessageListener("days")
		String days(List<LocalDate> days, ClusterMessage message) {
			assertThat(days).allMatch((day) -> day.getYear() == 2026);
			return days.size() + " from " + message.senderId();
		}

		@ClusterMessageListener("headers")
		CompletableFuture<Integer> headers(ClusterMessage message) {
			return CompletableFuture.completedFuture(message.senderSlot() + Integer.parseInt(message.payload()));
		}

		@ClusterMessageListener("nothing")
		void nothing() {
		}

		@ClusterMessageListener("mono")
		Mono<Integer> mono(int payload) {
			return Mono.just(payload + 1);
		}

		@ClusterMessageListener("hidden")
		private int hidden(int payload) {
			return payload + 2;
		}

		@ClusterMessageListener("named")
		Name named(Name name) {
			return new Name(name.givenName() + "!");
		}

		@Bean
		@Lazy
		LazyListener lazyListener() {
			return new LazyListener();
		}

	}

	static class LazyListener {

		@ClusterMessageListener("lazy")
		int hear(int payload) {
			return payload + 3;
		}

	}

	record Name(String givenName) {

	}

	static class TooManyParameters {

		@ClusterMessageListener("x")
		void hear(String one, String two) {
		}

	}

	static class NoName {

		@ClusterMessageListener(" ")
		void hear() {
		}

	}

	static class Fixed implements ClusterMessageConverter {

		@Override
		public String write(@Nullable Object payload) {
			return "\"fixed\"";
		}

		@Override
		public @Nullable Object read(String json, Type type) {
			return null;
		}

	}

}
