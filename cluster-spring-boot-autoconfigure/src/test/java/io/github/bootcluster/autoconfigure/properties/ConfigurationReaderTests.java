package io.github.bootcluster.autoconfigure.properties;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;

import io.github.bootcluster.ClusterException;
import io.github.bootcluster.ClusterWorker;
import io.github.bootcluster.SettingChange;
import io.github.bootcluster.master.supervise.NewSettings;
import io.github.bootcluster.process.JvmCommand;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.context.config.ConfigDataEnvironmentPostProcessor;
import org.springframework.core.env.MapPropertySource;
import org.springframework.core.env.StandardEnvironment;
import org.springframework.core.io.DefaultResourceLoader;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Promises on the configuration that a rolling restart reads again.
 */
class ConfigurationReaderTests {

	private final StandardEnvironment environment = new StandardEnvironment();

	@TempDir
	private Path folder;

	private Path file;

	@BeforeEach
	void prepare() {
		this.file = this.folder.resolve("application.properties");
	}

	private NewSettings readAfter(String before, String after, @Nullable Path jar) throws IOException {
		Files.writeString(this.file, before);
		this.environment.getPropertySources()
			.addFirst(new MapPropertySource("commandLineArgs", Map.of("spring.config.additional-location",
					"file:" + this.folder + "/", "cluster.restart.surge", "2")));
		ConfigDataEnvironmentPostProcessor.applyTo(this.environment);
		Files.writeString(this.file, after);
		return new ConfigurationReader(this.environment,
				new JvmCommand("java", List.of(), List.of("-jar", "app.jar"), List.of()))
			.read(jar, this.folder);
	}

	@Test
	void filesAreReadAgainAndTheCommandLineStillWins() throws IOException {
		NewSettings next = readAfter("cluster.workers=2", """
				cluster.workers=3
				cluster.drain.timeout=7s
				cluster.restart.surge=1
				cluster.worker.jvm-args=-Xmx99m
				""", null);
		assertThat(next.settings().workers()).isEqualTo(3);
		assertThat(next.settings().drainTimeout()).isEqualTo(Duration.ofSeconds(7));
		assertThat(next.settings().restart().surge()).isEqualTo(2);
		assertThat(Objects.requireNonNull(next.templates().get(ClusterWorker.DEFAULT_GROUP)).command().jvmArguments())
			.contains("-Xmx99m");
		assertThat(next.unapplied()).isEmpty();
	}

	@Test
	void whatAnApplicationPutsBehindItsFilesDoesNotWin() throws IOException {
		Files.writeString(this.file, "cluster.workers=4");
		this.environment.getPropertySources()
			.addFirst(new MapPropertySource("commandLineArgs",
					Map.of("spring.config.additional-location", "file:" + this.folder + "/")));
		ConfigDataEnvironmentPostProcessor.applyTo(this.environment);
		this.environment.getPropertySources()
			.addLast(new MapPropertySource("company", Map.of("cluster.workers", "2", "cluster.drain.timeout", "7s")));
		NewSettings next = reader().read(null, this.folder);
		assertThat(next.settings().workers()).isEqualTo(4);
		assertThat(next.settings().drainTimeout()).isEqualTo(Duration.ofSeconds(7));
	}

	@ParameterizedTest
	@ValueSource(strings = { "low", "high" })
	void whatAConfigServerSuppliesIsReadAgain(String importing) throws IOException {
		for (String folder : List.of("low", "high")) {
			Files.createDirectories(this.folder.resolve(folder));
			Files.writeString(this.folder.resolve(folder).resolve("application.properties"),
					folder.equals(importing) ? "spring.config.import=remote:" : "other=true");
		}
		this.environment.getPropertySources()
			.addFirst(new MapPropertySource("commandLineArgs", Map.of("spring.config.additional-location",
					"file:%1$s/low/,file:%1$s/high/".formatted(this.folder))));
		RemoteConfig.PROPERTIES.put("cluster.drain.timeout", "7s");
		ConfigDataEnvironmentPostProcessor.applyTo(this.environment);
		assertThat(this.environment.getProperty("cluster.drain.timeout")).isEqualTo("7s");
		RemoteConfig.PROPERTIES.put("cluster.drain.timeout", "8s");
		assertThat(reader().read(null, this.folder).settings().drainTimeout()).isEqualTo(Duration.ofSeconds(8));
	}

	@Test
	void profilesThatTheApplicationHasSetItselfStayAndConfiguredOnesAreReadAgain() throws IOException {
		Files.writeString(this.folder.resolve("application-own.properties"), "cluster.workers=4");
		Files.writeString(this.folder.resolve("application-old.properties"), "cluster.drain.timeout=7s");
		Files.writeString(this.folder.resolve("application-new.properties"), "cluster.drain.timeout=8s");
		Files.writeString(this.file, "spring.profiles.active=old");
		this.environment.getPropertySources()
			.addFirst(new MapPropertySource("commandLineArgs",
					Map.of("spring.config.additional-location", "file:" + this.folder + "/")));
		ConfigDataEnvironmentPostProcessor.applyTo(this.environment, new DefaultResourceLoader(), null, "own");
		Files.writeString(this.file, "spring.profiles.active=new");
		NewSettings next = reader().read(null, this.folder);
		assertThat(next.settings().workers()).isEqualTo(4);
		assertThat(next.settings().drainTimeout()).isEqualTo(Duration.ofSeconds(8));
	}

	@Test
	void relativeFilesAreThoseOfTheFolderThatTheNewWorkersStartIn() throws IOException {
		Path release = this.folder.resolve("releases/8");
		Files.createDirectories(release.resolve("config"));
		Files.writeString(release.resolve("config/application.properties"), "cluster.workers=5");
		assertThat(reader().read(null, release).settings().workers()).isEqualTo(5);
	}

	private ConfigurationReader reader() {
		return new ConfigurationReader(this.environment,
				new JvmCommand("java", List.of(), List.of("-jar", "app.jar"), List.of()));
	}

	@Test
	void whatIsInsideTheNewJarIsRead() throws IOException {
		Path jar = this.folder.resolve("new.jar");
		try (OutputStream target = Files.newOutputStream(jar); JarOutputStream entries = new JarOutputStream(target)) {
			entries.putNextEntry(new JarEntry("application.properties"));
			entries.write("cluster.drain.timeout=9s".getBytes(StandardCharsets.ISO_8859_1));
			entries.closeEntry();
		}
		assertThat(readAfter("cluster.workers=2", "cluster.workers=2", jar).settings().drainTimeout())
			.isEqualTo(Duration.ofSeconds(9));
	}

	@Test
	void threadThatDoesNotSeeTheApplicationReadsAllTheSame() throws Exception {
		Files.writeString(this.file, "cluster.workers=2\ncluster.drain.timeout=7s");
		this.environment.getPropertySources()
			.addFirst(new MapPropertySource("commandLineArgs",
					Map.of("spring.config.additional-location", "file:" + this.folder + "/")));
		ConfigurationReader reader = reader();
		CompletableFuture<NewSettings> read = new CompletableFuture<>();
		Thread thread = new Thread(() -> read.completeAsync(() -> reader.read(null, this.folder), Runnable::run));
		// As the threads of the common pool have it, where Spring Boot's loader runs a
		// JAR
		thread.setContextClassLoader(ClassLoader.getPlatformClassLoader());
		thread.start();
		assertThat(read.get(20, TimeUnit.SECONDS).settings().drainTimeout()).isEqualTo(Duration.ofSeconds(7));
	}

	@Test
	void whatTakesANewMasterIsNamedWithBothValues() throws IOException {
		NewSettings next = readAfter("cluster.workers=2\ncluster.distribution=random", """
				cluster.workers=2
				cluster.distribution=ip-hash
				cluster.worker.addresses=10.0.0.1:8080
				cluster.worker.heartbeat-timeout=10s
				cluster.worker.max-connections=7
				cluster.respawn.exit-when-given-up=false
				cluster.groups.jobs.workers=1
				""", null);
		assertThat(next.unapplied()).containsExactlyInAnyOrder(
				new SettingChange("cluster.distribution", "random", "ip-hash"),
				new SettingChange("cluster.worker.addresses", "", "10.0.0.1:8080"),
				new SettingChange("cluster.groups", "", "jobs"));
		assertThat(next.settings().heartbeatTimeout()).isEqualTo(Duration.ofSeconds(10));
		assertThat(next.settings().maxConnections()).isEqualTo(7);
	}

	@Test
	void whatIsNotAllowedIsRefused() {
		assertThatExceptionOfType(ClusterException.class)
			.isThrownBy(() -> readAfter("cluster.workers=2", "cluster.workers=2\ncluster.drain.timeout=-5s", null))
			.withMessageContaining("cluster.drain.timeout");
		assertThatExceptionOfType(ClusterException.class)
			.isThrownBy(() -> readAfter("cluster.workers=2", "cluster.workers=2\ncluster.drain.timeout=soon", null))
			.withMessageContaining("cluster.drain.timeout");
		assertThatExceptionOfType(UnknownPropertiesException.class)
			.isThrownBy(() -> readAfter("cluster.workers=2", "cluster.workers=2\ncluster.drain.timout=5s", null));
	}

}
