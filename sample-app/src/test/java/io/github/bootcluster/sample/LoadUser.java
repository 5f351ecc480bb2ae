package io.github.bootcluster.sample;

/**
 * Who sends the requests of one thread of a {@link LoadClient}, in whichever protocol.
 */
interface LoadUser {

	/**
	 * Makes one attempt and books how it ended, and what became of the connection if that
	 * ended, too.
	 * @param account the account, in which the attempt has begun
	 * @return whether the attempt has not failed
	 */
	boolean attempt(LoadAccount account);

	/**
	 * Closes what is still open.
	 * @param account the account
	 */
	void leave(LoadAccount account);

}
