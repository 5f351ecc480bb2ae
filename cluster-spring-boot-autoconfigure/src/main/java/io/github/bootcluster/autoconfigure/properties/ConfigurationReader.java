package io.github.bootcluster.autoconfigure.properties;

import java.io.IOException;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.jar.JarFile;

import io.github.bootcluster.ClusterException;
import io.github.bootcluster.ClusterRole;
import io.github.bootcluster.SettingChange;
import io.github.bootcluster.master.supervise.NewSettings;
import io.github.bootcluster.master.supervise.SettingsReader;
import io.github.bootcluster.process.JvmCommand;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.config.ConfigDataEnvironmentPostProcessor;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.ConfigurationPropertySources;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.MutablePropertySources;
import org.springframework.core.env.PropertySource;
import org.springframework.core.env.StandardEnvironment;
import org.springframework.core.io.DefaultResourceLoader;
import org.springframework.core.io.Resource;
import org.springframework.util.ClassUtils;

/**
 * Reads the application's configuration once more, by Spring Boot's own means: its files,
 * and those inside the new JAR, while the command line, system properties and environment
 * variables of a process never change.
 */
public final class ConfigurationReader implements SettingsReader {

	private static final String CLASSES = "BOOT-INF/classes/";

	/**
	 * How the names of the property sources begin that come from files.
	 */
	private static final List<String> FILES = List.of("Config resource ", "Config tree ");

	private static final String ACTIVE_PROFILES = "spring.profiles.active";

	/**
	 * What is built into the master, or into what it has opened.
	 */
	private static final List<String> MASTERS_OWN = List.of("cluster.enabled", "cluster.distribution",
			"cluster.proxy-protocol", "cluster.pid-file", "cluster.work-directory", "cluster.worker.run-as.user",
			"cluster.worker.run-as.group", "cluster.worker.output", "cluster.worker.output-directory",
			"cluster.worker.addresses", "cluster.archive.enabled", "cluster.archive.directory",
			"cluster.archive.max-size", "cluster.warmup.ramp");

	private final ConfigurableEnvironment environment;

	private final JvmCommand inherited;

	private final @Nullable ClassLoader classLoader = ClassUtils.getDefaultClassLoader();

	public ConfigurationReader(ConfigurableEnvironment environment, JvmCommand inherited) {
		this.environment = environment;
		this.inherited = inherited;
	}

	@Override
	public NewSettings read(@Nullable Path jar, Path folder) {
		try (Resources resources = Resources.of(jar, this.classLoader)) {
			ConfigurableEnvironment fresh = read(resources, folder);
			UnknownProperties.find(fresh).report();
			Binder binder = Binder.get(fresh);
			ClusterProperties properties = binder.bindOrCreate("cluster", ClusterProperties.class);
			return new NewSettings(MasterSettingsFactory.create(fresh),
					WorkerTemplates.create(this.inherited, properties, fresh), unapplied(binder, properties));
		}
		catch (ClusterException ex) {
			throw ex;
		}
		catch (IOException | RuntimeException ex) {
			throw new RefusedConfigurationException(ex);
		}
	}

	private ConfigurableEnvironment read(Resources resources, Path folder) {
		StandardEnvironment fresh = new StandardEnvironment();
		MutablePropertySources sources = fresh.getPropertySources();
		sources.stream().map(PropertySource::getName).toList().forEach(sources::remove);
		// What an application has put behind its files must not win over them
		List<PropertySource<?>> front = new ArrayList<>();
		List<PropertySource<?>> behind = new ArrayList<>();
		boolean filesSeen = false;
		for (PropertySource<?> source : this.environment.getPropertySources()) {
			boolean file = FILES.stream().anyMatch(source.getName()::startsWith);
			filesSeen |= file;
			if (!file && !ConfigurationPropertySources.isAttachedConfigurationPropertySource(source)
					&& !source.getName().equals(ClusterRole.PROPERTY_SOURCE_NAME)) {
				(filesSeen ? behind : front).add(source);
			}
		}
		front.forEach(sources::addLast);
		// What is read anew, such as from a config server, takes the place of its name
		ConfigDataEnvironmentPostProcessor.applyTo(fresh, new FolderResourceLoader(resources, folder), null,
				programmaticProfiles());
		behind.stream().filter((source) -> !sources.contains(source.getName())).forEach(sources::addLast);
		return fresh;
	}

	/**
	 * Returns the active profiles that no property names, as an application has set them
	 * by itself; the others are read again.
	 */
	private List<String> programmaticProfiles() {
		Binder binder = Binder.get(this.environment);
		Bindable<List<String>> names = Bindable.listOf(String.class);
		Set<String> configured = new TreeSet<>(binder.bind(ACTIVE_PROFILES, names).orElse(List.of()));
		configured.addAll(binder.bind("spring.profiles.include", names).orElse(List.of()));
		binder.bind("spring.profiles.group", Bindable.mapOf(String.class, String[].class))
			.orElse(Map.of())
			.values()
			.forEach((group) -> configured.addAll(List.of(group)));
		return Arrays.stream(this.environment.getActiveProfiles())
			.filter((profile) -> !configured.contains(profile))
			.toList();
	}

	private List<SettingChange> unapplied(Binder fresh, ClusterProperties properties) {
		Binder before = Binder.get(this.environment);
		List<SettingChange> unapplied = new ArrayList<>();
		for (String property : MASTERS_OWN) {
			String old = before.bind(property, String.class).orElse("");
			String now = fresh.bind(property, String.class).orElse("");
			if (!old.equals(now)) {
				unapplied.add(new SettingChange(property, old, now));
			}
		}
		Set<String> old = new TreeSet<>(before.bindOrCreate("cluster", ClusterProperties.class).groups().keySet());
		Set<String> now = new TreeSet<>(properties.groups().keySet());
		if (!old.equals(now)) {
			unapplied.add(new SettingChange("cluster.groups", String.join(", ", old), String.join(", ", now)));
		}
		return unapplied;
	}

	/**
	 * Finds relative files where the new workers do, which are started in another folder
	 * than the master was if that is a symbolic link.
	 */
	private static final class FolderResourceLoader extends DefaultResourceLoader {

		private static final String FILE = "file:";

		private final Path folder;

		private FolderResourceLoader(ClassLoader classLoader, Path folder) {
			super(classLoader);
			this.folder = folder;
		}

		@Override
		public Resource getResource(String location) {
			if (location.startsWith(FILE) && !location.startsWith(FILE + "/")) {
				String file = this.folder.resolve(location.substring(FILE.length())).normalize().toString();
				return super.getResource(FILE + file + (location.endsWith("/") ? "/" : ""));
			}
			return super.getResource(location);
		}

	}

	/**
	 * Resources of a JAR that win over those of the master.
	 */
	private static final class Resources extends URLClassLoader {

		private Resources(URL[] urls, @Nullable ClassLoader parent) {
			super(urls, parent);
		}

		static Resources of(@Nullable Path jar, @Nullable ClassLoader parent) throws IOException {
			return new Resources((jar != null) ? new URL[] { url(jar) } : new URL[0], parent);
		}

		@SuppressWarnings("deprecation")
		private static URL url(Path jar) throws IOException {
			try (JarFile file = new JarFile(jar.toFile())) {
				if (file.getEntry(CLASSES) != null) {
					return new URL("jar:nested:%s/!%s!/".formatted(jar.toUri().getPath(), CLASSES));
				}
			}
			catch (MalformedURLException ex) {
				// Run by another launcher than Spring Boot's
			}
			return jar.toUri().toURL();
		}

		@Override
		public @Nullable URL getResource(String name) {
			URL own = findResource(name);
			return (own != null) ? own : super.getResource(name);
		}

	}

	private static final class RefusedConfigurationException extends ClusterException {

		RefusedConfigurationException(Exception cause) {
			super("The configuration cannot be read: " + cause.getMessage(), cause);
		}

	}

}
