package io.github.bootcluster.master;

import io.github.bootcluster.wire.Frame;

/**
 * What makes two workers' wishes to listen the same listener.
 *
 * @param host the literal address
 * @param port the wanted port
 * @param ordinal tells wishes for port 0 apart: the first of one worker and the first of
 * another share a port, as with Node's {@code cluster}
 */
record ListenerKey(String host, int port, int ordinal) {

	static ListenerKey of(Frame.Listen request) {
		return new ListenerKey(request.host(), request.port(), (request.port() == 0) ? request.ordinal() : 0);
	}

}
