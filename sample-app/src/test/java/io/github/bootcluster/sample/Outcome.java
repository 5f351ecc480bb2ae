package io.github.bootcluster.sample;

/**
 * How one attempt to get one answer ended. Every attempt has exactly one outcome.
 */
enum Outcome {

	/**
	 * A whole answer with a status of 2xx.
	 */
	OK,

	/**
	 * A whole answer with another status.
	 */
	BAD_STATUS,

	/**
	 * Nobody listened.
	 */
	CONNECT_REFUSED,

	/**
	 * The connection was not established in time.
	 */
	CONNECT_TIMEOUT,

	/**
	 * A fresh connection was reset before the first byte of the answer.
	 */
	RESET_BEFORE_RESPONSE,

	/**
	 * A fresh connection was closed in order before the first byte of the answer.
	 */
	CLOSED_BEFORE_RESPONSE,

	/**
	 * The answer began, and the connection ended before the answer did.
	 */
	TRUNCATED,

	/**
	 * No whole answer in time, on a connection that stayed open.
	 */
	HANG,

	/**
	 * A reused connection was closed or reset before the first byte of the answer. The
	 * client cannot tell whether the request had been read: HTTP/1.1 allows the server to
	 * close an idle connection at any time, and a client to repeat the request then. The
	 * same goes for a message on a WebSocket that the server was closing in order.
	 */
	STALE_KEEPALIVE,

	/**
	 * The server said that it has not begun with the request, as HTTP/2 can: a client may
	 * send it again without a doubt.
	 */
	DECLINED,

	/**
	 * Something that is not of the protocol.
	 */
	MALFORMED,

	/**
	 * The client itself failed, for want of ports or descriptors: the run says nothing
	 * about the server.
	 */
	CLIENT_ERROR;

	/**
	 * Tells whether the server owed an answer that never came whole.
	 * @return whether the request is lost
	 */
	boolean isLoss() {
		return this != OK && this != STALE_KEEPALIVE && this != DECLINED;
	}

}
