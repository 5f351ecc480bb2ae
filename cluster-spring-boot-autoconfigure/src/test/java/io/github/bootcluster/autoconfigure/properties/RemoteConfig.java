package io.github.bootcluster.autoconfigure.properties;

import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.config.ConfigData;
import org.springframework.boot.context.config.ConfigDataLoader;
import org.springframework.boot.context.config.ConfigDataLoaderContext;
import org.springframework.boot.context.config.ConfigDataLocation;
import org.springframework.boot.context.config.ConfigDataLocationResolver;
import org.springframework.boot.context.config.ConfigDataLocationResolverContext;
import org.springframework.boot.context.config.ConfigDataResource;
import org.springframework.core.env.MapPropertySource;

/**
 * Configuration that comes from elsewhere than from files, as from a config server, and
 * that is imported as {@code remote:}.
 */
final class RemoteConfig {

	static final Map<String, Object> PROPERTIES = new ConcurrentHashMap<>();

	private RemoteConfig() {
	}

	static final class Resource extends ConfigDataResource {

	}

	static final class Resolver implements ConfigDataLocationResolver<Resource> {

		@Override
		public boolean isResolvable(ConfigDataLocationResolverContext context, ConfigDataLocation location) {
			return location.hasPrefix("remote:");
		}

		@Override
		public List<Resource> resolve(ConfigDataLocationResolverContext context, ConfigDataLocation location) {
			return List.of(new Resource());
		}

	}

	static final class Loader implements ConfigDataLoader<Resource> {

		@Override
		public @Nullable ConfigData load(ConfigDataLoaderContext context, Resource resource) {
			return new ConfigData(List.of(new MapPropertySource("remote:config", Map.copyOf(PROPERTIES))));
		}

	}

}
