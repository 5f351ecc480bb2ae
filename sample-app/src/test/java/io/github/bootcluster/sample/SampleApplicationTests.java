package io.github.bootcluster.sample;

import java.time.Duration;
import java.util.Map;

import io.github.bootcluster.ClusterRole;
import org.junit.jupiter.api.Test;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.webtestclient.autoconfigure.AutoConfigureWebTestClient;
import org.springframework.context.ApplicationContext;
import org.springframework.core.env.MapPropertySource;
import org.springframework.test.web.reactive.server.WebTestClient;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Promises of the sample where it is not clustered: in a test it never is, whatever
 * {@code cluster.workers} says.
 */
@SpringBootTest(webEnvironment = WebEnvironment.RANDOM_PORT, properties = "cluster.workers=2")
@AutoConfigureWebTestClient
class SampleApplicationTests {

	@Autowired
	private WebTestClient client;

	@Autowired
	private ApplicationContext context;

	@Test
	void testIsNotClustered() {
		assertThat(ClusterRole.of(this.context.getEnvironment())).isEqualTo(ClusterRole.STANDALONE);
		assertThat(this.context.getBeanProvider(ClusterEventLogger.class).getIfAvailable()).isNull();
		this.client.get()
			.uri("/")
			.exchange()
			.expectStatus()
			.isOk()
			.expectBody()
			.jsonPath("$.pid")
			.isEqualTo(ProcessHandle.current().pid())
			.jsonPath("$.worker")
			.isEmpty();
	}

	@Test
	void processCannotBeEndedUnlessAskedFor() {
		this.client.post().uri("/exit?code=3").exchange().expectStatus().isNotFound();
	}

	@Test
	void demandsAreBounded() {
		for (String uri : new String[] { "/slow?duration=2m", "/slow?duration=-1s", "/text?size=1GB", "/text?size=-1B",
				"/events?interval=1ms", "/events?count=0" }) {
			this.client.get().uri(uri).exchange().expectStatus().isBadRequest();
		}
	}

	@Test
	void textHasTheSizeThatWasAskedFor() {
		for (int size : new int[] { 0, 1, 54, 1000 }) {
			this.client.get()
				.uri("/text?size=" + size + "B")
				.exchange()
				.expectHeader()
				.contentLength(size)
				.expectStatus()
				.isOk();
		}
	}

	@Test
	void ordinaryBeanRefusesToLiveInTheMaster() {
		ApplicationContextRunner master = new ApplicationContextRunner()
			.withInitializer((context) -> context.getEnvironment()
				.getPropertySources()
				.addFirst(new MapPropertySource(ClusterRole.PROPERTY_SOURCE_NAME,
						Map.of(ClusterRole.PROPERTY_NAME, ClusterRole.MASTER))))
			.withBean(SampleProperties.class,
					() -> new SampleProperties(false, Duration.ZERO, false, false, false, null, null, false, null));
		master.withUserConfiguration(ClusterEventLogger.class)
			.run((context) -> assertThat(context).hasSingleBean(ClusterEventLogger.class));
		master.withUserConfiguration(OrdinaryBean.class)
			.run((context) -> assertThat(context).getFailure()
				.rootCause()
				.hasMessage("An ordinary bean was created in the master"));
	}

}
