package io.github.bootcluster.process;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;

/**
 * Takes a command line apart in the order in which the JDK's launcher reads it: argument
 * files are expanded up to the main class, and options may still follow {@code -jar}, the
 * JAR being the first argument after it that is not an option.
 *
 * @see <a href=
 * "https://docs.oracle.com/en/java/javase/25/docs/specs/man/java.html#java-command-line-argument-files">java
 * Command-Line Argument Files</a>
 */
final class CommandLineParser {

	private static final Set<String> OPTIONS_WITH_VALUE = Set.of("-cp", "-classpath", "--class-path", "-p",
			"--module-path", "--upgrade-module-path", "--add-modules", "--limit-modules", "--add-exports",
			"--add-opens", "--add-reads", "--patch-module", "--enable-native-access", "--enable-final-field-mutation",
			"--source", "-d", "--describe-module");

	private static final Set<String> OPTIONS_WITH_MAIN = Set.of("-m", "--module");

	private final List<String> jvmArguments = new ArrayList<>();

	private final List<String> main = new ArrayList<>();

	private final List<String> arguments = new ArrayList<>();

	private boolean jar;

	private boolean valueExpected;

	private boolean mainComplete;

	private boolean expanding = true;

	private CommandLineParser() {
	}

	/**
	 * Tells whether an option's value is an argument of its own.
	 * @return whether another argument belongs to it
	 */
	static boolean isFollowedByValue(String option) {
		return OPTIONS_WITH_VALUE.contains(option);
	}

	/**
	 * Returns JVM arguments without some of the options, and their values.
	 */
	static List<String> without(List<String> jvmArguments, Predicate<String> dropped) {
		List<String> kept = new ArrayList<>();
		for (int i = 0; i < jvmArguments.size(); i++) {
			String option = jvmArguments.get(i);
			int end = (isFollowedByValue(option) && i + 1 < jvmArguments.size()) ? i + 2 : i + 1;
			if (!dropped.test(option)) {
				kept.addAll(jvmArguments.subList(i, end));
			}
			i = end - 1;
		}
		return kept;
	}

	static JvmCommand parse(List<String> commandLine) {
		CommandLineParser parser = new CommandLineParser();
		commandLine.stream().skip(1).forEach(parser::expand);
		if (!parser.mainComplete) {
			throw new JvmCommandException("its command line names no main class, JAR or module");
		}
		return new JvmCommand(commandLine.get(0), parser.jvmArguments, parser.main, parser.arguments);
	}

	private void expand(String argument) {
		boolean file = !this.mainComplete && this.expanding && argument.length() > 1 && argument.charAt(0) == '@';
		if (!file) {
			accept(argument);
		}
		else if (argument.charAt(1) == '@') {
			accept(argument.substring(1));
		}
		else {
			ArgumentFile.read(argument.substring(1)).forEach(this::accept);
		}
	}

	private void accept(String argument) {
		if (this.mainComplete) {
			this.arguments.add(argument);
		}
		else if (!this.main.isEmpty()) {
			completeMain(argument);
		}
		else if (this.valueExpected) {
			this.valueExpected = false;
			this.jvmArguments.add(argument);
		}
		else if (argument.startsWith("-")) {
			acceptOption(argument);
		}
		else {
			if (this.jar) {
				this.main.add("-jar");
			}
			completeMain(argument);
		}
	}

	private void acceptOption(String option) {
		if (option.equals("-jar")) {
			this.jar = true;
		}
		else if (option.equals(JvmCommand.DISABLE_ARGUMENT_FILES)) {
			// Not kept: a worker's launcher has to undo the escapes of its command line
			this.expanding = false;
		}
		else if (OPTIONS_WITH_MAIN.contains(option)) {
			this.main.add(option);
		}
		else if (option.startsWith("--module=")) {
			completeMain(option);
		}
		else {
			this.jvmArguments.add(option);
			this.valueExpected = OPTIONS_WITH_VALUE.contains(option);
		}
	}

	private void completeMain(String argument) {
		this.main.add(argument);
		this.mainComplete = true;
	}

}
