package io.github.bootcluster.master;

import java.io.IOException;

/**
 * Thrown when workers of one group want to listen on an address that another group has.
 */
class GroupAddressException extends IOException {

	GroupAddressException(String owner) {
		super("the workers of group '%s' listen there".formatted(owner));
	}

}
