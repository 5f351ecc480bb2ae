package io.github.bootcluster.autoconfigure.properties;

import java.util.Optional;

import io.github.bootcluster.process.AccountDatabase;
import io.github.bootcluster.process.WorkerAccount;
import org.jspecify.annotations.Nullable;

/**
 * Finds the account that workers are to run as, and tells what is wrong with it.
 */
public final class WorkerAccounts {

	private static final String USER = "cluster.worker.run-as.user";

	private static final String GROUP = "cluster.worker.run-as.group";

	private static final int ROOT = 0;

	/**
	 * The system gives this number to nobody.
	 */
	private static final int UNKNOWN = -1;

	private final AccountDatabase accounts;

	WorkerAccounts(AccountDatabase accounts) {
		this.accounts = accounts;
	}

	/**
	 * Finds the account.
	 * @return the account, or {@code null} if it is the one of this process
	 */
	public static @Nullable WorkerAccount of(ClusterProperties.Worker worker) {
		return new WorkerAccounts(AccountDatabase.ofThisSystem()).find(worker.runAs().user(), worker.runAs().group());
	}

	@Nullable WorkerAccount find(@Nullable String user, @Nullable String group) {
		if (user == null && group == null) {
			return null;
		}
		WorkerAccount account = (user != null) ? account(user, group) : ownAccount(group);
		int ownUser = this.accounts.ownUser().orElse(UNKNOWN);
		boolean sameUser = ownUser != UNKNOWN && ownUser == account.uid();
		if (sameUser && account.gid() == this.accounts.ownGroup().orElse(account.gid())) {
			return null;
		}
		if (ownUser != ROOT) {
			throw (user != null && !sameUser)
					? new InvalidClusterPropertyException(USER, user,
							"the user of this process itself, as only root can run workers as another")
					: new InvalidClusterPropertyException(GROUP, String.valueOf(group),
							"the group of this process itself, as only root can run workers as another");
		}
		return account;
	}

	private WorkerAccount account(String user, @Nullable String group) {
		AccountDatabase.User known = this.accounts.user(user).orElse(null);
		if (known != null) {
			AccountDatabase.Group chosen = (group != null) ? group(group) : groupOrNumber(known.gid());
			return new WorkerAccount(known.name(), known.uid(), chosen.name(), chosen.gid(), known.home(), true);
		}
		Optional<Integer> uid = AccountDatabase.toNumber(user);
		if (uid.isEmpty() || group == null) {
			throw new InvalidClusterPropertyException(USER, user, uid.isEmpty()
					? "the name of a user of this system, or a number"
					: "the number of a user of this system; for another one, cluster.worker.run-as.group has to be set, too");
		}
		AccountDatabase.Group chosen = group(group);
		return new WorkerAccount(user, uid.get(), chosen.name(), chosen.gid(), "/", false);
	}

	private WorkerAccount ownAccount(@Nullable String group) {
		int uid = this.accounts.ownUser().orElse(ROOT);
		String number = Integer.toUnsignedString(uid);
		AccountDatabase.Group chosen = group(String.valueOf(group));
		return this.accounts.user(number)
			.map((known) -> new WorkerAccount(known.name(), uid, chosen.name(), chosen.gid(), known.home(), true))
			.orElseGet(() -> new WorkerAccount(number, uid, chosen.name(), chosen.gid(), "/", false));
	}

	private AccountDatabase.Group group(String group) {
		return this.accounts.group(group)
			.or(() -> AccountDatabase.toNumber(group).map((gid) -> new AccountDatabase.Group(group, gid)))
			.orElseThrow(() -> new InvalidClusterPropertyException(GROUP, group,
					"the name of a group of this system, or a number"));
	}

	private AccountDatabase.Group groupOrNumber(int gid) {
		return group(Integer.toUnsignedString(gid));
	}

}
