package io.github.bootcluster.actuate;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.IntFunction;

import org.jspecify.annotations.Nullable;

/**
 * The accounts whose processes are the machine itself: root, which also the master of
 * workers under another account is, and that of this process.
 */
public final class TrustedAccounts {

	private static final int ROOT = 0;

	private final @Nullable Integer own;

	private final IntFunction<@Nullable String> names;

	private final SocketOwners owners;

	private final Map<Integer, String> known = new ConcurrentHashMap<>();

	/**
	 * Creates the accounts.
	 * @param own the number of the user that this process runs as, or {@code null} if it
	 * is not known
	 * @param names finds the name of a user, or {@code null} if it has none
	 */
	public TrustedAccounts(@Nullable Integer own, IntFunction<@Nullable String> names) {
		this(own, names, SocketOwners.ofThisSystem());
	}

	TrustedAccounts(@Nullable Integer own, IntFunction<@Nullable String> names, SocketOwners owners) {
		this.own = own;
		this.names = names;
		this.owners = owners;
	}

	/**
	 * Finds what speaks against the process that has sent a request. It reads files.
	 * @return the objection, or {@code null} if the process is one of a trusted account
	 */
	@Nullable String findObjection(ReceivedRequest request) {
		Integer user = this.owners.find(request.peer(), request.local());
		if (user == null) {
			return "the account of the process that has sent it cannot be found out";
		}
		if (user == ROOT || user.equals(this.own)) {
			return null;
		}
		return "it comes from a process of the account %s, and only %s are the machine itself".formatted(describe(user),
				((this.own != null) && this.own != ROOT) ? "root and " + describe(this.own) : "processes of root");
	}

	private String describe(int user) {
		return this.known.computeIfAbsent(user, (number) -> {
			String name = this.names.apply(number);
			return (name != null) ? "'%s' (uid %s)".formatted(name, Integer.toUnsignedString(number))
					: "with uid " + Integer.toUnsignedString(number);
		});
	}

}
