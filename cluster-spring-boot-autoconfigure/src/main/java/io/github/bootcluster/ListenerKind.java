package io.github.bootcluster;

/**
 * How a worker gets the connections of a listener.
 */
public enum ListenerKind {

	/**
	 * The master accepts them and passes their descriptors on.
	 */
	HANDOFF,

	/**
	 * The worker listens itself, beside the others, with {@code SO_REUSEPORT}.
	 */
	REUSE_PORT

}
