package io.github.bootcluster.process;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;

/**
 * The program that {@link WorkerLauncherTests} runs in processes of its own. It never
 * outlives the test by long.
 */
public final class ChildMain {

	private ChildMain() {
	}

	public static void main(String[] args) throws Exception {
		switch (args[0]) {
			case "print" -> print(Integer.parseInt(args[1]), args[2]);
			case "both" -> {
				System.out.println("out 1");
				System.err.println("err 2");
				System.out.println("out 3");
			}
			case "stdin" -> System.out.println(System.in.read());
			case "environment" -> System.out.println(System.getenv(args[1]) + " " + System.getenv(args[2]));
			case "arguments" -> {
				System.out.println("-Dpassword=" + System.getProperty("password"));
				Arrays.stream(args).skip(1).forEach((argument) -> System.out.println("[" + argument + "]"));
				System.out.println("end");
				new CountDownLatch(1).await();
			}
			case "variables" -> System.getenv().forEach((name, value) -> System.out.println(name + "=" + value));
			case "command" -> System.out.println(JvmCommand.ofThisProcess());
			case "exit" -> System.exit(Integer.parseInt(args[1]));
			case "hang" -> hang();
			case "farewell" -> {
				Runtime.getRuntime().addShutdownHook(new Thread(() -> System.out.println("farewell")));
				hang();
			}
			case "account" -> account(args);
			case "daemon" -> System.out.println(start("setsid", "sleep", "60"));
			case "launch" -> launch(Path.of(args[1]), Arrays.asList(args).subList(2, args.length));
			case "early-signal" -> earlySignal();
			case "parent" -> {
				System.out.println(start("sleep", "600"));
				hang();
			}
			default -> throw new IllegalArgumentException(args[0]);
		}
	}

	private static void print(int lines, String text) {
		for (int i = 0; i < lines; i++) {
			System.out.println(i + " " + text);
		}
	}

	private static void hang() throws InterruptedException {
		System.out.println("ready");
		new CountDownLatch(1).await();
	}

	private static void account(String[] args) throws Exception {
		Object uid = Files.getAttribute(Path.of("/proc/self"), "unix:uid");
		Object gid = Files.getAttribute(Path.of("/proc/self"), "unix:gid");
		System.out.println(ProcessHandle.current().pid() + " " + uid + " " + gid + " " + System.getenv(args[1]) + " "
				+ System.getenv(args[2]) + " " + System.getenv(args[3]));
		new CountDownLatch(1).await();
	}

	/**
	 * Starts a worker that runs this program, and waits for it.
	 * @param folder the folder for the worker's arguments
	 * @param arguments the worker's arguments
	 * @throws Exception if the worker cannot be waited for
	 */
	private static void launch(Path folder, List<String> arguments) throws Exception {
		WorkerLauncher launcher = WorkerLauncher
			.create(new LaunchSettings(WorkerOutput.INHERIT, folder, System.out, System.out::println, null), folder);
		JvmCommand own = JvmCommand.ofThisProcess();
		try {
			WorkerProcess worker = launcher.launch(new LaunchRequest("worker-1",
					new JvmCommand(own.java(), own.jvmArguments(), own.main(), arguments), Map.of()));
			System.exit(worker.onExit().toCompletableFuture().join());
		}
		catch (LaunchException ex) {
			System.out.println(ex.getMessage());
		}
	}

	/**
	 * Obeys a signal that came before the process knew what it is.
	 * @throws InterruptedException if the thread is interrupted
	 */
	private static void earlySignal() throws InterruptedException {
		EarlySignals.hold();
		System.out.println("held");
		while (EarlySignals.remembered().isEmpty()) {
			Thread.onSpinWait();
		}
		Runtime.getRuntime().addShutdownHook(new Thread(() -> System.out.println("farewell")));
		EarlySignals.release(Set.of());
		new CountDownLatch(1).await();
	}

	private static long start(String... command) throws IOException {
		return new ProcessBuilder(command).inheritIO().start().pid();
	}

}
