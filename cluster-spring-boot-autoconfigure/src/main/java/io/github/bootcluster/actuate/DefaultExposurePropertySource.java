package io.github.bootcluster.actuate;

import org.jspecify.annotations.Nullable;

import org.springframework.core.env.EnumerablePropertySource;
import org.springframework.core.env.MutablePropertySources;

/**
 * Property source with the default exposure. It falls silent as soon as the application
 * has a say, be it in a source that ranks even lower: those of {@code @PropertySource}
 * and of {@code SpringApplication#setDefaultProperties} do.
 */
class DefaultExposurePropertySource extends EnumerablePropertySource<MutablePropertySources> {

	private static final String[] NAMES = { ClusterExposure.INCLUDE };

	private static final String EXPOSED = "health," + ClusterEndpoint.ID;

	DefaultExposurePropertySource(MutablePropertySources all) {
		// The environment itself would be taken for a nested one, without end.
		super("clusterDefaultExposure", all);
	}

	@Override
	public String[] getPropertyNames() {
		// Asked for with every property of the environment, so it has to be cheap.
		return NAMES;
	}

	@Override
	public @Nullable Object getProperty(String name) {
		return (ClusterExposure.INCLUDE.equals(name) && ClusterExposure.isExposedByDefault(getSource())) ? EXPOSED
				: null;
	}

}
