package io.github.bootcluster.process;

/**
 * Thrown when workers cannot run as the account that they are to run as.
 */
public final class WorkerAccountException extends RuntimeException {

	private final WorkerAccount account;

	private final String problem;

	/**
	 * Creates an exception.
	 */
	public WorkerAccountException(WorkerAccount account, String problem) {
		super("Workers cannot run as '%s': %s".formatted(account, problem));
		this.account = account;
		this.problem = problem;
	}

	/**
	 * Returns the account.
	 */
	public WorkerAccount getAccount() {
		return this.account;
	}

	/**
	 * Returns what is wrong.
	 */
	public String getProblem() {
		return this.problem;
	}

}
