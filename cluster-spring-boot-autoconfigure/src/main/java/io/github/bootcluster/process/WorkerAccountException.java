package io.github.bootcluster.process;

/**
 * Thrown when workers cannot run as the account that they are to run as.
 */
public final class WorkerAccountException extends RuntimeException {

	private final WorkerAccount account;

	private final String problem;

	/**
	 * Creates an exception.
	 * @param account the account
	 * @param problem what is wrong, a phrase
	 */
	public WorkerAccountException(WorkerAccount account, String problem) {
		super("Workers cannot run as '%s': %s".formatted(account, problem));
		this.account = account;
		this.problem = problem;
	}

	/**
	 * Returns the account.
	 * @return the account that workers were to run as
	 */
	public WorkerAccount getAccount() {
		return this.account;
	}

	/**
	 * Returns what is wrong.
	 * @return a phrase
	 */
	public String getProblem() {
		return this.problem;
	}

}
