package io.github.bootcluster.autoconfigure.role;

/**
 * Version of the starter, for people to read.
 */
final class StarterVersion {

	private StarterVersion() {
	}

	static String get() {
		String version = StarterVersion.class.getPackage().getImplementationVersion();
		return (version != null) ? version : "(unpackaged)";
	}

}
