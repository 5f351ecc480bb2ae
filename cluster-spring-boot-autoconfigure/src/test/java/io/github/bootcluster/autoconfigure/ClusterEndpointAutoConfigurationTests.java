package io.github.bootcluster.autoconfigure;

import java.util.List;

import io.github.bootcluster.Cluster;
import io.github.bootcluster.actuate.ClusterEndpoint;
import io.github.bootcluster.actuate.FakeCluster;
import io.github.bootcluster.autoconfigure.WorkerServer.Answer;
import io.netty.handler.codec.http.HttpMethod;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.context.annotation.ImportCandidates;
import org.springframework.boot.test.context.assertj.AssertableReactiveWebApplicationContext;
import org.springframework.security.web.server.MatcherSecurityWebFilterChain;
import org.springframework.security.web.server.WebFilterChainProxy;
import org.springframework.security.web.server.context.NoOpServerSecurityContextRepository;
import org.springframework.security.web.server.context.ReactorContextWebFilter;
import org.springframework.security.web.server.util.matcher.PathPatternParserServerWebExchangeMatcher;
import org.springframework.util.ClassUtils;
import org.springframework.web.server.WebFilter;

import static io.github.bootcluster.autoconfigure.WorkerServer.STANDALONE;
import static io.github.bootcluster.autoconfigure.WorkerServer.WORKER;
import static io.github.bootcluster.autoconfigure.WorkerServer.get;
import static io.github.bootcluster.autoconfigure.WorkerServer.post;
import static io.github.bootcluster.autoconfigure.WorkerServer.send;
import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.Mockito.mock;

class ClusterEndpointAutoConfigurationTests {

	@Test
	void theMachineItselfSeesAndOperatesTheCluster() {
		WORKER.run((context) -> {
			Answer shown = get(context, "/actuator/cluster");
			assertThat(shown.status()).isEqualTo(200);
			assertThat(shown.body()).contains("\"master\":{\"pid\":4242}")
				.contains("\"uptime\":\"PT")
				.doesNotContain("null");
			assertThat(get(context, "/actuator/cluster/3").body()).contains("\"pid\":4711");
			assertThat(get(context, "/actuator/cluster/5").status()).isEqualTo(404);
			Answer restart = post(context, "/actuator/cluster/restart");
			assertThat(restart.status()).isEqualTo(202);
			assertThat(restart.body()).contains("\"id\":\"r1\"");
			Answer awaited = post(context, "/actuator/cluster/restart?wait=true");
			assertThat(awaited.status()).isEqualTo(200);
			assertThat(awaited.body()).contains("\"id\":\"r2\"").contains("\"state\":\"COMPLETED\"");
			assertThat(post(context, "/actuator/cluster/restart?wait=false").status()).isEqualTo(202);
			assertThat(post(context, "/actuator/cluster/foo").status()).isEqualTo(404);
			assertThat(post(context, "/actuator/cluster/restart?group=jobs").status()).isEqualTo(202);
			assertThat(context.getBean(FakeCluster.class).groups()).containsExactly("jobs");
		});
	}

	@Test
	void aProcessThatIsNotClusteredHasNoSuchEndpoint() {
		STANDALONE.withPropertyValues("management.endpoints.web.exposure.include=*").run((context) -> {
			assertThat(context).doesNotHaveBean(ClusterEndpoint.class);
			assertThat(get(context, "/actuator/cluster").status()).isEqualTo(404);
		});
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', quoteCharacter = '~', textBlock = """
			scale | application/json | [] | 400 | allowed is a JSON object such as
			scale | application/json | nonsense | 400 | allowed is a JSON object such as
			scale | application/json | {"workers":[1]} | 400 | allowed is a JSON object such as
			scale | application/json | {"workers":{"a":1}} | 400 | allowed is a JSON object such as
			scale | application/json | "6" | 400 | allowed is a JSON object such as
			scale | application/json | {"workers":null} | 400 | workers is missing
			scale | application/json | {"workers":-1e3} | 400 | workers is '-1e3'
			scale | text/plain | {"workers":3} | 415 | the content type text/plain
			scale | application/x-www-form-urlencoded | {"workers":3} | 415 | the content type application/x-www
			scale | | {"workers":3} | 415 | The body has
			scale | | | 400 | workers is missing
			restart | application/json | nonsense | 400 | allowed is a JSON object such as
			restart?wait=maybe | | | 400 | wait is 'maybe', allowed is true or false
			restart?wait=true&wait=false | | | 400 | allowed is true or false
			foo | | | 404 | There is no operation 'foo'
			""")
	void everyWrongInputIsAnsweredWithASentence(String path, @Nullable String type, @Nullable String body, int status,
			String sentence) {
		WORKER.withPropertyValues("management.endpoint.cluster.access=unrestricted").run((context) -> {
			Answer answer = WorkerServer.postBody(context, "/actuator/cluster/" + path, type, body);
			assertThat(answer.status()).as(answer.body()).isEqualTo(status);
			assertThat(JsonMapper.shared().readTree(answer.body()).path("message").asString("")).as(answer.body())
				.contains(sentence);
			assertThat(context.getBean(FakeCluster.class).restarts()).isZero();
		});
	}

	@ParameterizedTest
	@CsvSource({ "/actuator/cluster/abc,GET,400,whole number", "/actuator/cluster/restart,GET,400,begun by POST",
			"/actuator/cluster,POST,405,only GET", "/actuator/cluster/restart,DELETE,405,DELETE is not allowed here" })
	void aWrongMethodIsAnsweredWithASentenceToo(String path, String method, int status, String sentence) {
		WORKER
			.withPropertyValues("spring.webflux.base-path=/app", "management.server.port=0",
					"management.server.base-path=/admin")
			.run((context) -> {
				Answer answer = send(HttpMethod.valueOf(method),
						"http://127.0.0.1:" + WorkerServer.managementPort(context) + "/admin" + path);
				assertThat(answer.status()).as(answer.body()).isEqualTo(status);
				assertThat(answer.body()).contains(sentence);
			});
	}

	@Test
	void otherErrorsStayAsTheyAre() {
		WORKER.run((context) -> assertThat(
				send(HttpMethod.DELETE, "http://127.0.0.1:" + WorkerServer.localPort(context) + "/actuator").body())
			.doesNotContain("is not allowed here"));
	}

	@Test
	void otherEndpointsAreNotGuarded() {
		WORKER.run((context) -> assertThat(get(context, "/actuator", "Host", "example.org").status()).isEqualTo(200));
	}

	@ParameterizedTest
	@ValueSource(strings = { "management.endpoints.web.exposure.include=*",
			"management.endpoints.web.exposure.include[0]=cluster", "management.endpoint.cluster.access=unrestricted" })
	void whoConfiguresExposureOrAccessHasTheirWord(String property) {
		WORKER.withPropertyValues(property).run((context) -> {
			assertThat(get(context, "/actuator/cluster", "Host", "example.org").status()).isEqualTo(200);
			assertThat(post(context, "/actuator/cluster/restart", "X-Forwarded-For", "192.0.2.7").status())
				.isEqualTo(202);
		});
	}

	@Test
	void readOnlyAccessLeavesNoOperation() {
		WORKER.withPropertyValues("management.endpoint.cluster.access=read-only").run((context) -> {
			assertThat(get(context, "/actuator/cluster", "Host", "example.org").status()).isEqualTo(200);
			assertThat(post(context, "/actuator/cluster/restart").status()).isEqualTo(405);
		});
	}

	@ParameterizedTest
	@ValueSource(strings = { "management.endpoints.web.exposure.include=health",
			"management.endpoints.web.exposure.exclude=env", "management.endpoints.access.default=read-only" })
	void aSettingMadeForOtherEndpointsDoesNotOpenTheClusterToStrangers(String property) {
		WORKER.withPropertyValues(property)
			.run((context) -> assertThat(get(context, "/actuator/cluster").status()).isEqualTo(404));
	}

	@Test
	void springSecurityHasItsWordOnWhatItsChainsAnswerFor() {
		WORKER.withBean(WebFilterChainProxy.class, () -> chainFor("/actuator/**")).run((context) -> {
			assertThat(get(context, "/actuator/cluster", "Host", "example.org").status()).isEqualTo(200);
			assertThat(post(context, "/actuator/cluster/shutdown", "Host", "example.org").status()).isEqualTo(202);
		});
	}

	@Test
	void aChainOfSpringSecurityForOtherPathsOpensNothing() {
		WORKER.withBean(WebFilterChainProxy.class, () -> chainFor("/api/**")).run((context) -> {
			assertThat(get(context, "/actuator/cluster", "Host", "example.org").status()).isEqualTo(403);
			assertThat(post(context, "/actuator/cluster/shutdown").status()).isEqualTo(403);
			assertThat(get(context, "/actuator/cluster").status()).isEqualTo(200);
		});
	}

	private static WebFilterChainProxy chainFor(String pattern) {
		WebFilter filter = new ReactorContextWebFilter(NoOpServerSecurityContextRepository.getInstance());
		return new WebFilterChainProxy(new MatcherSecurityWebFilterChain(
				new PathPatternParserServerWebExchangeMatcher(pattern), List.of(filter)));
	}

	@ParameterizedTest
	@ValueSource(strings = { "shutdown", "scale", "fork", "3/disconnect", "3/kill" })
	void whatTakesTheServiceDownIsOffUnlessAccessIsConfigured(String operation) {
		WORKER.run((context) -> {
			assertIsOff(context, operation);
			assertThat(post(context, "/actuator/cluster/restart").status()).isEqualTo(202);
		});
		WORKER.withPropertyValues("management.endpoints.web.exposure.include=*")
			.run((context) -> assertIsOff(context, operation));
		for (String access : List.of("management.endpoint.cluster.access", "management.endpoints.access.default")) {
			WORKER.withPropertyValues("management.endpoints.web.exposure.include=cluster", access + "=unrestricted")
				.run((context) -> assertThat(post(context, "/actuator/cluster/" + operation).status())
					.isEqualTo(operation.equals("scale") ? 400 : operation.equals("fork") ? 200 : 202));
		}
	}

	private static void assertIsOff(AssertableReactiveWebApplicationContext context, String operation) {
		Answer answer = post(context, "/actuator/cluster/" + operation);
		assertThat(answer.status()).isEqualTo(403);
		assertThat(answer.body()).contains("'" + operation.replaceFirst(".*/", "")
				+ "' is off unless 'management.endpoint.cluster.access' is set");
		assertThat(context.getBean(FakeCluster.class).shutdowns()).isZero();
	}

	@Test
	void theOrderOfOtherAutoConfigurationsStaysAsItWas() {
		ImportCandidates.load(AutoConfiguration.class, null)
			.getCandidates()
			.stream()
			.filter((name) -> name.startsWith("io.github.bootcluster."))
			.map((name) -> ClassUtils.resolveClassName(name, null).getAnnotation(AutoConfiguration.class))
			.forEach((annotation) -> {
				assertThat(annotation.afterName()).isEmpty();
				assertThat(annotation.beforeName()).isEmpty();
				assertThat(annotation.after())
					.allMatch((type) -> type.getPackage() == ClusterEndpointAutoConfiguration.class.getPackage());
				assertThat(annotation.before())
					.allMatch((type) -> type.getPackage() == ClusterEndpointAutoConfiguration.class.getPackage());
			});
	}

	@Test
	void theBeanOfTheApplicationWins() {
		ClusterEndpoint own = new ClusterEndpoint(mock(Cluster.class));
		WORKER.withBean("own", ClusterEndpoint.class, () -> own)
			.run((context) -> assertThat(context).getBean(ClusterEndpoint.class).isSameAs(own));
	}

}
