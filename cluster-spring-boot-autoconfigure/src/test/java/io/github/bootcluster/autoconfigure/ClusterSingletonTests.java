package io.github.bootcluster.autoconfigure;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

import io.github.bootcluster.ClusterLeadership;
import io.github.bootcluster.ClusterSingleton;
import io.github.bootcluster.event.LeadershipEvent;
import io.github.bootcluster.event.LeadershipGrantedEvent;
import io.github.bootcluster.event.LeadershipRevokedEvent;
import io.github.bootcluster.wire.Frame;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import reactor.core.publisher.Mono;

import org.springframework.boot.ApplicationArguments;
import org.springframework.boot.ApplicationRunner;
import org.springframework.boot.CommandLineRunner;
import org.springframework.boot.DefaultApplicationArguments;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.event.EventListener;
import org.springframework.scheduling.annotation.EnableScheduling;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.scheduling.config.ScheduledTask;
import org.springframework.scheduling.config.ScheduledTaskHolder;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests of what runs in one worker only.
 */
@Timeout(60)
class ClusterSingletonTests {

	private static final AutoConfigurations CONFIGURATIONS = AutoConfigurations
		.of(ClusterSingletonAutoConfiguration.class, ClusterAutoConfiguration.class);

	@TempDir
	Path base;

	private StubMaster master;

	private ApplicationContextRunner worker;

	private final ApplicationContextRunner standalone = new ApplicationContextRunner()
		.withConfiguration(CONFIGURATIONS);

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
	void scheduledMethodsThatAreMarkedRunInTheLeaderOnly() {
		this.worker.withUserConfiguration(Scheduling.class, Jobs.class, MarkedJobs.class).run((context) -> {
			List<String> runs = context.getBean(Jobs.class).runs;
			runAll(context);
			assertThat(runs).containsExactly("everywhere");
			runs.clear();
			lead(context);
			runAll(context);
			assertThat(runs).containsExactlyInAnyOrder("everywhere", "private", "package", "class");
		});
	}

	@Test
	void processThatIsNotClusteredRunsEverything() {
		this.standalone.withUserConfiguration(Scheduling.class, Jobs.class, MarkedJobs.class, Runners.class)
			.run((context) -> {
				runAll(context);
				assertThat(context.getBean(Jobs.class).runs).containsExactlyInAnyOrder("everywhere", "private",
						"package", "class");
				startUp(context);
				assertThat(context.getBean(Runners.class).runs).containsExactlyInAnyOrder("everywhere", "lambda",
						"method", "class");
				assertThat(context.getBean(ClusterLeadership.class).isLeader()).isTrue();
			});
	}

	@Test
	void leadIsGivenUpOnceWhatRunsHasEnded() {
		this.worker.run((context) -> {
			ClusterLeadership leadership = context.getBean(ClusterLeadership.class);
			lead(context);
			CountDownLatch running = new CountDownLatch(1);
			CountDownLatch release = new CountDownLatch(1);
			CompletableFuture<Boolean> run = CompletableFuture.supplyAsync(() -> leadership.runIfLeader(() -> {
				running.countDown();
				await(release);
			}));
			await(running);
			this.master.tell(new Frame.Drain(1000));
			Awaitility.await().until(() -> !leadership.isLeader());
			assertThat(this.master.hasHeard(Frame.LeadGivenUp.class)).isFalse();
			assertThat(leadership.runIfLeader(() -> {
			})).isFalse();
			release.countDown();
			this.master.hear(Frame.LeadGivenUp.class);
			assertThat(run.get(20, TimeUnit.SECONDS)).isTrue();
		});
	}

	@Test
	void leadIsLostWithTheMasterAndGivenUpWithTheContext() throws Exception {
		this.worker.withUserConfiguration(Events.class).run((context) -> {
			lead(context);
			this.master.disconnect();
			Awaitility.await().until(() -> context.getBean(Events.class).heard.size() == 2);
			assertThat(context.getBean(Events.class).heard.get(0)).isInstanceOf(LeadershipGrantedEvent.class);
			assertThat(context.getBean(Events.class).heard.get(1)).isInstanceOf(LeadershipRevokedEvent.class);
			assertThat(context.getBean(ClusterLeadership.class).isLeader()).isFalse();
		});
		this.worker.run(this::lead);
		this.master.hear(Frame.LeadGivenUp.class);
	}

	@Test
	void workerThatEndsAnswersALeadThatComesTooLate() {
		this.worker.run((context) -> {
			this.master.tell(new Frame.Drain(1000));
			this.master.tell(new Frame.Lead());
			this.master.hear(Frame.LeadGivenUp.class);
			assertThat(context.getBean(ClusterLeadership.class).isLeader()).isFalse();
		});
	}

	@Test
	void runnersThatAreMarkedRunWhereTheMasterSaysSo() {
		this.worker.withUserConfiguration(Runners.class).run((context) -> {
			startUp(context);
			assertThat(context.getBean(Runners.class).runs).containsExactly("everywhere");
			assertThat(context.getBean(MarkedRunner.class)).as("by its class").isNotNull();
		});
		this.master.grantStart();
		this.worker.withUserConfiguration(Runners.class).run((context) -> {
			startUp(context);
			assertThat(context.getBean(Runners.class).runs).containsExactlyInAnyOrder("everywhere", "lambda", "method",
					"class");
		});
	}

	@Test
	void scheduledMethodThatIsReactiveCannotBeMarked() {
		this.worker.withUserConfiguration(Scheduling.class, ReactiveJob.class)
			.run((context) -> assertThat(context).getFailure()
				.hasMessageContaining("tick")
				.hasMessageContaining("marked with @ClusterSingleton and reactive"));
	}

	private void lead(ApplicationContext context) {
		this.master.tell(new Frame.Lead());
		Awaitility.await().until(() -> context.getBean(ClusterLeadership.class).isLeader());
	}

	private static void await(CountDownLatch latch) {
		try {
			assertThat(latch.await(20, TimeUnit.SECONDS)).isTrue();
		}
		catch (InterruptedException ex) {
			throw new IllegalStateException(ex);
		}
	}

	/**
	 * Runs all scheduled tasks, whose time will not come while the test runs.
	 * @param context the application context
	 */
	private static void runAll(ApplicationContext context) {
		context.getBeansOfType(ScheduledTaskHolder.class)
			.values()
			.stream()
			.flatMap((holder) -> holder.getScheduledTasks().stream())
			.map(ScheduledTask::getTask)
			.distinct()
			.forEach((task) -> task.getRunnable().run());
	}

	private static void startUp(ApplicationContext context) throws Exception {
		ApplicationArguments arguments = new DefaultApplicationArguments();
		for (ApplicationRunner runner : context.getBeansOfType(ApplicationRunner.class).values()) {
			runner.run(arguments);
		}
		for (CommandLineRunner runner : context.getBeansOfType(CommandLineRunner.class).values()) {
			runner.run();
		}
	}

	@Configuration(proxyBeanMethods = false)
	@EnableScheduling
	static class Scheduling {

	}

	static class Jobs {

		private final List<String> runs = Collections.synchronizedList(new ArrayList<>());

		@Scheduled(initialDelay = 1, fixedRate = 1, timeUnit = TimeUnit.DAYS)
		void everywhere() {
			this.runs.add("everywhere");
		}

		@ClusterSingleton
		@Scheduled(initialDelay = 1, fixedDelay = 1, timeUnit = TimeUnit.DAYS)
		private void hidden() {
			this.runs.add("private");
		}

		@ClusterSingleton
		@Scheduled(cron = "0 0 0 29 2 MON")
		void inPackage() {
			this.runs.add("package");
		}

	}

	@ClusterSingleton
	static class MarkedJobs {

		private final Jobs jobs;

		MarkedJobs(Jobs jobs) {
			this.jobs = jobs;
		}

		@Scheduled(initialDelay = 1, fixedRate = 1, timeUnit = TimeUnit.DAYS)
		void tick() {
			this.jobs.runs.add("class");
		}

	}

	static class ReactiveJob {

		@ClusterSingleton
		@Scheduled(initialDelay = 1, fixedRate = 1, timeUnit = TimeUnit.DAYS)
		Mono<Void> tick() {
			return Mono.empty();
		}

	}

	static class Events {

		private final List<LeadershipEvent> heard = Collections.synchronizedList(new ArrayList<>());

		@EventListener
		void hear(LeadershipEvent event) {
			this.heard.add(event);
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class Runners {

		private final List<String> runs = new ArrayList<>();

		@Bean
		ApplicationRunner everywhere() {
			return (arguments) -> this.runs.add("everywhere");
		}

		@Bean
		@ClusterSingleton
		ApplicationRunner lambda() {
			return (arguments) -> this.runs.add("lambda");
		}

		@Bean
		@ClusterSingleton
		CommandLineRunner method() {
			return new CommandLineRunner() {

				@Override
				public void run(String... arguments) {
					Runners.this.runs.add("method");
				}

			};
		}

		@Bean
		MarkedRunner marked() {
			return new MarkedRunner(this.runs);
		}

	}

	@ClusterSingleton
	static class MarkedRunner implements CommandLineRunner {

		private final List<String> runs;

		MarkedRunner(List<String> runs) {
			this.runs = runs;
		}

		@Override
		public void run(String... arguments) {
			this.runs.add("class");
		}

	}

}
