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
	 * The worker accepts them on the master's one listening socket, as all others do.
	 */
	SHARED,

	/**
	 * The worker accepts them on a listening socket of its slot that the master keeps.
	 */
	REUSE_PORT,

	/**
	 * The worker listens itself, beside the others, with {@code SO_REUSEPORT}.
	 */
	UNMANAGED

}
