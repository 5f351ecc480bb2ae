package io.github.bootcluster.master.listen;

import java.util.Collection;

import io.github.bootcluster.wire.Frame;
import io.github.bootcluster.wire.ListenFailure;

/**
 * What makes two workers' wishes to listen the same listener.
 *
 * @param group the group of workers, each of which has listeners of its own
 * @param host the literal address
 * @param port the wanted port
 * @param ordinal tells wishes for port 0 apart: the first of one worker and the first of
 * another share a port, as with Node's {@code cluster}
 */
record ListenerKey(String group, String host, int port, int ordinal) {

	static ListenerKey of(String group, Frame.Listen request) {
		return new ListenerKey(group, request.host(), request.port(), (request.port() == 0) ? request.ordinal() : 0);
	}

	/**
	 * Sees to it that a new listener would not take an address that another group has: a
	 * client could not tell whose workers answer.
	 */
	void check(Collection<ListenerKey> keys) throws ListenDeniedException {
		for (ListenerKey key : keys) {
			if (isFixed() && key.port == this.port && key.host.equals(this.host)) {
				throw new ListenDeniedException(ListenFailure.ADDRESS_OF_GROUP,
						"the workers of group '%s' listen there".formatted(key.group));
			}
		}
	}

	private boolean isFixed() {
		return this.port != 0 || this.host.startsWith("/");
	}

}
