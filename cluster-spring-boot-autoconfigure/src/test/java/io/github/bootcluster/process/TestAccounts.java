package io.github.bootcluster.process;

import java.nio.file.Path;
import java.util.List;

import org.junit.jupiter.api.Assumptions;

/**
 * The account that every system has and that may do nothing.
 */
final class TestAccounts {

	private TestAccounts() {
	}

	/**
	 * Becomes the account, and skips the test where that cannot be done: only root can.
	 * @return the way to become the account
	 */
	static AccountSwitch assumeNobody() {
		AccountDatabase accounts = AccountDatabase.ofThisSystem();
		AccountDatabase.User nobody = accounts.user("nobody").orElse(null);
		Assumptions.assumeTrue(nobody != null && accounts.ownUser().orElse(1) == 0, "Only root can become another");
		AccountDatabase.Group group = accounts.group(Integer.toString(nobody.gid())).orElseThrow();
		return AccountSwitch
			.to(new WorkerAccount(nobody.name(), nobody.uid(), group.name(), group.gid(), nobody.home(), true));
	}

	static boolean mayRead(AccountSwitch account, Path file) throws Exception {
		return new ProcessBuilder(account.command(List.of("test", "-r", file.toString()))).start().waitFor() == 0;
	}

}
