package io.github.bootcluster.autoconfigure.properties;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

import io.github.bootcluster.process.AccountDatabase;
import io.github.bootcluster.process.WorkerAccount;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

class WorkerAccountsTests {

	@TempDir
	Path root;

	@BeforeEach
	void writeFiles() throws IOException {
		Files.createDirectories(this.root.resolve("etc"));
		Files.createDirectories(this.root.resolve("proc/self"));
		Files.writeString(this.root.resolve("etc/passwd"), """
				root:x:0:0:root:/root:/bin/sh
				app:x:1001:1002:The application:/srv/app:/bin/false
				lost:x:1003:1004::/srv/lost:/bin/false
				""");
		Files.writeString(this.root.resolve("etc/group"), "root:x:0:\nweb:x:1002:\nlogs:x:1005:\n");
		runAs(0, 0);
	}

	private void runAs(int uid, int gid) throws IOException {
		Files.writeString(this.root.resolve("proc/self/status"),
				"Uid:\t%1$d\t%1$d\t%1$d\t%1$d\nGid:\t%2$d\t%2$d\t%2$d\t%2$d\n".formatted(uid, gid));
	}

	@Test
	void accountIsInheritedByDefault() {
		assertThat(find(null, null)).isNull();
	}

	@Test
	void groupIsThePrimaryOneOfTheUserByDefault() {
		WorkerAccount app = new WorkerAccount("app", 1001, "web", 1002, "/srv/app", true);
		assertThat(find("app", null)).isEqualTo(app);
		assertThat(find("1001", null)).isEqualTo(app);
		assertThat(find("lost", null)).isEqualTo(new WorkerAccount("lost", 1003, "1004", 1004, "/srv/lost", true));
	}

	@Test
	void groupMayBeAnother() {
		WorkerAccount expected = new WorkerAccount("app", 1001, "logs", 1005, "/srv/app", true);
		assertThat(find("app", "logs")).isEqualTo(expected);
		assertThat(find("app", "1005")).isEqualTo(expected);
		assertThat(find("app", "4711")).isEqualTo(new WorkerAccount("app", 1001, "4711", 4711, "/srv/app", true));
		assertThat(find(null, "web")).isEqualTo(new WorkerAccount("root", 0, "web", 1002, "/root", true));
	}

	@Test
	void numberOfNobodyNeedsAGroup() {
		assertThat(find("4711", "web")).isEqualTo(new WorkerAccount("4711", 4711, "web", 1002, "/", false));
		assertRefused("4711", null, "user", "4711",
				"the number of a user of this system; for another one, cluster.worker.run-as.group has to be set, too");
	}

	@Test
	void unknownNamesAreRefused() {
		assertRefused("ap", null, "user", "ap", "the name of a user of this system, or a number");
		assertRefused("", null, "user", "", "the name of a user of this system, or a number");
		assertRefused("app", "wep", "group", "wep", "the name of a group of this system, or a number");
		assertRefused(null, "wep", "group", "wep", "the name of a group of this system, or a number");
	}

	@Test
	void onlyRootMayChooseAnother() throws IOException {
		runAs(1001, 1002);
		assertThat(find("app", null)).isNull();
		assertThat(find("app", "web")).isNull();
		assertThat(find(null, "web")).isNull();
		assertRefused("lost", null, "user", "lost",
				"the user of this process itself, as only root can run workers as another");
		assertRefused("app", "logs", "group", "logs",
				"the group of this process itself, as only root can run workers as another");
		assertRefused(null, "logs", "group", "logs",
				"the group of this process itself, as only root can run workers as another");
	}

	@Test
	void rootItselfIsNoOther() {
		assertThat(find("root", null)).isNull();
	}

	private @Nullable WorkerAccount find(@Nullable String user, @Nullable String group) {
		return new WorkerAccounts(AccountDatabase.of(this.root)).find(user, group);
	}

	private void assertRefused(@Nullable String user, @Nullable String group, String property, String value,
			String allowed) {
		assertThatExceptionOfType(InvalidClusterPropertyException.class).isThrownBy(() -> find(user, group))
			.satisfies((ex) -> {
				assertThat(ex.getProperty()).isEqualTo("cluster.worker.run-as." + property);
				assertThat(ex.getValue()).isEqualTo(value);
				assertThat(ex.getAllowed()).isEqualTo(allowed);
			});
	}

}
