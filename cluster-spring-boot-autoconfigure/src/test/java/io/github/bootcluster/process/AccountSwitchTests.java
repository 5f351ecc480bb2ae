package io.github.bootcluster.process;

import java.io.BufferedReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

class AccountSwitchTests {

	private static final WorkerAccount NOBODY = new WorkerAccount("nobody", 65534, "nogroup", 65534, "/", true);

	@TempDir
	Path directory;

	@Test
	void commandRunsAsTheAccountWithItsFurtherGroups() {
		assertThat(new AccountSwitch(NOBODY, Path.of("/bin/setpriv"), Path.of("/bin/env"))
			.command(List.of("/bin/java", "-version"))).containsExactly("/bin/setpriv", "--reuid=65534",
					"--regid=65534", "--init-groups", "/bin/java", "-version");
	}

	@Test
	void userWhomTheSystemDoesNotKnowHasNoFurtherGroups() {
		WorkerAccount unknown = new WorkerAccount("4294967290", -6, "web", 7, "/", false);
		assertThat(new AccountSwitch(unknown, Path.of("/bin/setpriv"), Path.of("/bin/env")).command(List.of()))
			.containsExactly("/bin/setpriv", "--reuid=4294967290", "--regid=7", "--clear-groups");
	}

	@Test
	void systemWithoutTheToolIsTold() {
		assertThatExceptionOfType(WorkerAccountException.class)
			.isThrownBy(() -> AccountSwitch.to(NOBODY, this.directory.toString()))
			.satisfies((ex) -> assertThat(ex.getProblem())
				.isEqualTo("the command 'setpriv' (of util-linux) that is needed for it is not on the PATH"));
	}

	@Test
	void refusalOfTheSystemIsTold() throws Exception {
		Path tool = Files.writeString(this.directory.resolve("setpriv"), "#!/bin/sh\necho not allowed\nexit 127\n");
		Files.setPosixFilePermissions(tool, PosixFilePermissions.fromString("rwx------"));
		assertThatExceptionOfType(WorkerAccountException.class)
			.isThrownBy(() -> AccountSwitch.to(NOBODY, this.directory.toString()))
			.withMessage("Workers cannot run as 'nobody:nogroup': not allowed");
	}

	@Test
	void toolThatIsNotThatOfUtilLinuxIsTold() throws Exception {
		Path tool = Files.writeString(this.directory.resolve("setpriv"),
				"#!/bin/sh\necho \"setpriv: unrecognized option '--reuid=65534'\"\necho Usage\nexit 1\n");
		Files.setPosixFilePermissions(tool, PosixFilePermissions.fromString("rwx------"));
		assertThatExceptionOfType(WorkerAccountException.class)
			.isThrownBy(() -> AccountSwitch.to(NOBODY, this.directory.toString()))
			.satisfies(
					(ex) -> assertThat(ex.getProblem()).isEqualTo(("'%s' does not do it ('setpriv: unrecognized option "
							+ "'--reuid=65534''): install the one of util-linux, of which BusyBox has only a part")
						.formatted(tool)));
	}

	@Test
	void toolOfBusyBoxIsToldFromThatOfUtilLinux() throws Exception {
		Path busyBox = Stream.of("/bin", "/usr/bin", "/usr/sbin")
			.map((folder) -> Path.of(folder, "busybox"))
			.filter(Files::isExecutable)
			.findFirst()
			.orElse(null);
		assumeTrue(busyBox != null && hasTool(busyBox), "No BusyBox with a setpriv");
		Path tool = Files.createSymbolicLink(this.directory.resolve("setpriv"), busyBox);
		assertThatExceptionOfType(WorkerAccountException.class)
			.isThrownBy(() -> AccountSwitch.to(NOBODY, this.directory.toString()))
			.satisfies((ex) -> assertThat(ex.getProblem()).startsWith("'%s' does not do it ('".formatted(tool))
				.contains("--reuid")
				.endsWith("install the one of util-linux, of which BusyBox has only a part"));
	}

	private static boolean hasTool(Path busyBox) throws Exception {
		Process list = new ProcessBuilder(busyBox.toString(), "--list").redirectErrorStream(true).start();
		try (BufferedReader output = list.inputReader()) {
			return output.lines().toList().contains("setpriv");
		}
	}

	@Test
	void whatTheAccountLacksIsTold() throws Exception {
		AccountSwitch account = TestAccounts.assumeNobody();
		Path folder = Files.createDirectory(this.directory.resolve("private"),
				PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
		Path java = Files.createFile(folder.resolve("java"),
				PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwxr-xr-x")));
		assertThatExceptionOfType(WorkerAccountException.class)
			.isThrownBy(() -> account.require(command(java, Path.of("/tmp"))))
			.withMessageContaining("it may not execute the Java launcher '" + java + "'");
		assertThatExceptionOfType(WorkerAccountException.class)
			.isThrownBy(() -> account.require(command(Path.of("/bin/sh"), folder)))
			.withMessageContaining("it may not write to '" + folder + "', the folder for temporary files");
		assertThatExceptionOfType(WorkerAccountException.class).isThrownBy(() -> account.requireReachable(java))
			.withMessageContaining("it cannot reach the sockets of the cluster in '" + this.directory + "'");
	}

	private static JvmCommand command(Path java, Path temporary) {
		return new JvmCommand(java.toString(), List.of("-Djava.io.tmpdir=/", "-Djava.io.tmpdir=" + temporary),
				List.of("Main"), List.of());
	}

}
