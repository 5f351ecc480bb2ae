package io.github.bootcluster.wire;

/**
 * Why the master could not listen.
 */
public enum ListenFailure {

	/**
	 * The port is taken.
	 */
	ADDRESS_IN_USE,

	/**
	 * The master's account may not bind the port.
	 */
	PERMISSION_DENIED,

	/**
	 * The address is not one of this machine.
	 */
	ADDRESS_NOT_AVAILABLE,

	/**
	 * Another group of workers listens there.
	 */
	ADDRESS_OF_GROUP,

	/**
	 * The workers' account could not listen there itself, and it is not configured.
	 */
	NOT_ALLOWED,

	/**
	 * There are too many listeners already.
	 */
	TOO_MANY,

	/**
	 * The cluster is shutting down.
	 */
	SHUTTING_DOWN,

	/**
	 * Anything else; the reason says what.
	 */
	OTHER

}
