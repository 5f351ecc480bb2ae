package io.github.bootcluster.process;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

class AccountDatabaseTests {

	@TempDir
	Path root;

	@BeforeEach
	void writeFiles() throws IOException {
		Files.createDirectories(this.root.resolve("etc"));
		Files.createDirectories(this.root.resolve("proc/self"));
		Files.writeString(this.root.resolve("etc/passwd"), """
				root:x:0:0:root:/root:/bin/sh
				broken
				+::::::
				app:x:1001:1002:The application:/srv/app:/bin/false
				far:x:4000000000:4000000001::/:
				""");
		Files.writeString(this.root.resolve("etc/group"), "root:x:0:\nweb:x:1002:app\nfar:x:4000000001:\n");
		Files.writeString(this.root.resolve("proc/self/status"), "Name:\tjava\nUid:\t1\t2\t3\t4\nGid:\t5\t6\t7\t8\n");
	}

	@Test
	void userIsFoundByNameAndByNumber() {
		AccountDatabase accounts = AccountDatabase.of(this.root);
		AccountDatabase.User app = new AccountDatabase.User("app", 1001, 1002, "/srv/app");
		assertThat(accounts.user("app")).contains(app);
		assertThat(accounts.user("1001")).contains(app);
		assertThat(accounts.user("nobody")).isEmpty();
		assertThat(accounts.user("")).isEmpty();
		assertThat(accounts.user("+")).isEmpty();
		assertThat(accounts.user("broken")).isEmpty();
	}

	@Test
	void groupIsFoundByNameAndByNumber() {
		AccountDatabase accounts = AccountDatabase.of(this.root);
		assertThat(accounts.group("web")).contains(new AccountDatabase.Group("web", 1002));
		assertThat(accounts.group("1002")).contains(new AccountDatabase.Group("web", 1002));
		assertThat(accounts.group("app")).isEmpty();
	}

	@Test
	void numbersAreUnsigned() {
		assertThat(AccountDatabase.of(this.root).user("far").orElseThrow().uid()).isEqualTo((int) 4_000_000_000L);
		assertThat(AccountDatabase.toNumber("4294967295")).contains(-1);
		assertThat(AccountDatabase.toNumber("4294967296")).isEmpty();
		assertThat(AccountDatabase.toNumber("-1")).isEmpty();
		assertThat(AccountDatabase.toNumber("+1")).isEmpty();
	}

	@Test
	void ownAccountIsTheEffectiveOne() {
		assertThat(AccountDatabase.of(this.root).ownUser()).contains(2);
		assertThat(AccountDatabase.of(this.root).ownGroup()).contains(6);
		assertThat(AccountDatabase.of(this.root.resolve("etc")).ownUser()).isEmpty();
	}

	@Test
	void whatTheFilesDoNotTellIsAskedOfTheDirectoryService() {
		AccountDatabase accounts = new AccountDatabase(this.root,
				List.of("sh", "-c", "test \"$0 $1\" = 'passwd ldap' && echo ldap:x:70000:70001::/home/ldap:/bin/sh"));
		assertThat(accounts.user("ldap")).contains(new AccountDatabase.User("ldap", 70000, 70001, "/home/ldap"));
		assertThat(accounts.user("nobody")).isEmpty();
		assertThat(new AccountDatabase(this.root, List.of("/does/not/exist")).user("ldap")).isEmpty();
	}

}
