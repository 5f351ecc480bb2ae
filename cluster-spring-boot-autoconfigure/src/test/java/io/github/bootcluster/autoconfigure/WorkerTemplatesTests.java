package io.github.bootcluster.autoconfigure;

import java.util.List;
import java.util.Map;
import java.util.Objects;

import io.github.bootcluster.ClusterWorker;
import io.github.bootcluster.master.WorkerTemplate;
import io.github.bootcluster.process.JvmCommand;
import org.junit.jupiter.api.Test;

import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Promises on what the workers of a group are started with.
 */
class WorkerTemplatesTests {

	private static final JvmCommand MASTER = new JvmCommand("java", List.of("-Xmx1g", "-Dspring.profiles.active=prod"),
			List.of("-jar", "app.jar"),
			List.of("--server.port=8080", "--spring.profiles.active=prod", "--a=b", "rest"));

	@Test
	void groupThatSetsNothingIsLikeTheOthers() {
		Map<String, WorkerTemplate> templates = templates(Map.of("cluster.worker.args", "--c=d",
				"cluster.worker.jvm-args", "-Xmx2g", "cluster.worker.env.A", "1", "cluster.groups.jobs.workers", "2"));
		assertThat(templates).containsOnlyKeys(ClusterWorker.DEFAULT_GROUP, "jobs");
		assertThat(templates.get("jobs")).isEqualTo(templates.get(ClusterWorker.DEFAULT_GROUP));
		assertThat(template("jobs", Map.of("cluster.groups.jobs.workers", "2")).command().arguments())
			.isEqualTo(MASTER.arguments());
	}

	@Test
	void groupHasItsOwnArgumentsAndAddsToTheEnvironmentAndTheJvmArguments() {
		WorkerTemplate jobs = template("jobs",
				Map.of("cluster.worker.args", "--c=d", "cluster.groups.jobs.args", "--e=f", "cluster.worker.jvm-args",
						"-Xmx2g", "cluster.groups.jobs.jvm-args", "-Xmx3g", "cluster.worker.env.A", "1",
						"cluster.worker.env.B", "1", "cluster.groups.jobs.env.B", "2"));
		assertThat(jobs.command().arguments()).containsExactly("--e=f");
		assertThat(jobs.command().jvmArguments()).containsSubsequence("-Xmx1g", "-Xmx2g", "-Xmx3g");
		assertThat(jobs.environment()).isEqualTo(Map.of("A", "1", "B", "2"));
	}

	@Test
	void profilesOfAGroupOverruleThoseOfTheMasterWhereverTheseStand() {
		WorkerTemplate jobs = template("jobs", Map.of("cluster.groups.jobs.profiles", "jobs,slow"));
		assertThat(jobs.command().jvmArguments()).containsSubsequence("-Dspring.profiles.active=prod",
				"-Dspring.profiles.active=jobs,slow");
		assertThat(jobs.command().arguments()).containsExactly("--server.port=8080", "--a=b", "rest");
	}

	@Test
	void portOfAGroupOverrulesThatOfTheMaster() {
		WorkerTemplate jobs = template("jobs", Map.of("cluster.groups.jobs.port", "9090"));
		assertThat(jobs.command().jvmArguments()).endsWith("-Dserver.port=9090");
		assertThat(jobs.command().arguments()).containsExactly("--spring.profiles.active=prod", "--a=b", "rest");
	}

	@Test
	void defaultGroupIsLeftAsItIs() {
		WorkerTemplate workers = template(ClusterWorker.DEFAULT_GROUP,
				Map.of("cluster.groups.jobs.port", "9090", "cluster.groups.jobs.env.A", "1"));
		assertThat(workers.command().arguments()).isEqualTo(MASTER.arguments());
		assertThat(workers.environment()).isEmpty();
	}

	private static WorkerTemplate template(String group, Map<String, String> properties) {
		return Objects.requireNonNull(templates(properties).get(group));
	}

	private static Map<String, WorkerTemplate> templates(Map<String, String> properties) {
		ClusterProperties bound = new Binder(new MapConfigurationPropertySource(properties)).bindOrCreate("cluster",
				ClusterProperties.class);
		return WorkerTemplates.create(MASTER, bound);
	}

}
