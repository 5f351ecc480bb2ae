package io.github.bootcluster.master.listen;

import java.io.IOException;

import io.github.bootcluster.wire.ListenFailure;

/**
 * Thrown when the master does not listen on an address for a reason that it knows itself,
 * without the operating system's word.
 */
class ListenDeniedException extends IOException {

	private final ListenFailure failure;

	ListenDeniedException(ListenFailure failure, String message) {
		super(message);
		this.failure = failure;
	}

	ListenFailure failure() {
		return this.failure;
	}

}
