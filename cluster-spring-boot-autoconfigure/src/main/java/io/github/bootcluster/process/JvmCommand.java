package io.github.bootcluster.process;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.jspecify.annotations.Nullable;

/**
 * The command line of a JVM, taken apart. All elements are literal: the argument files of
 * the original command line are expanded already, because the tools that write such files
 * delete them later, when a worker may still have to be forked.
 *
 * @param java the path of the {@code java} launcher
 * @param jvmArguments everything before the program's own arguments that does not name
 * the program; an option with a separate value ({@code -cp}) is followed by it
 * @param main what is run: {@code -jar} and a path, {@code -m} and a module, or the name
 * of a class
 * @param arguments the program's own arguments
 */
public record JvmCommand(String java, List<String> jvmArguments, List<String> main, List<String> arguments) {

	/**
	 * Never given to the launcher of a worker, which gets its arguments by a file and has
	 * to undo the escapes of its command line.
	 */
	static final String DISABLE_ARGUMENT_FILES = "--disable-@files";

	/**
	 * The first release that warns of native access (JEP 472) and will deny it later.
	 */
	private static final int WARNS_OF_NATIVE_ACCESS = 24;

	/**
	 * Options without which the program is not found.
	 */
	private static final Pattern PATHS = Pattern
		.compile("-cp|-classpath|-p|--(class-path|module-path|upgrade-module-path|add-modules|limit-modules)(=.*)?");

	private static final Pattern HEAP = Pattern
		.compile("-Xm[sn].*|-XX:\\+AlwaysPreTouch|-XX:(Initial|Min)(Heap|RAM).*");

	/**
	 * Options that name an archive of classes, or fail without one.
	 */
	private static final Pattern ARCHIVE = Pattern.compile("-XX:(SharedArchiveFile=.*|AOTCache=.*|AOTMode=on)");

	private static final Pattern NAME = Pattern.compile("%(%*)\\{(id|slot|group)}");

	/**
	 * Shown in lists of processes.
	 */
	private static final String VISIBLE = "-Dcluster.worker.";

	private static final String NATIVE_ACCESS = "--enable-native-access";

	/**
	 * Creates a command from its literal parts.
	 */
	public JvmCommand {
		jvmArguments = jvmArguments.stream().filter((argument) -> !argument.equals(DISABLE_ARGUMENT_FILES)).toList();
		main = List.copyOf(main);
		arguments = List.copyOf(arguments);
	}

	/**
	 * Returns the command line that this process was started with. It is exact on Linux;
	 * elsewhere, or if an argument file has gone since, it is put together from what the
	 * JVM remembers, which does not tell a space between two program arguments from one
	 * inside an argument.
	 * @throws JvmCommandException if this process was not started by a Java launcher
	 */
	public static JvmCommand ofThisProcess() {
		return RunningJvm.command();
	}

	/**
	 * Takes a command line apart as the JDK's launcher does, including its argument
	 * files, which are looked up in the working directory.
	 * @throws JvmCommandException if an argument file cannot be read, or nothing to run
	 * is named
	 */
	public static JvmCommand parse(List<String> commandLine) {
		return CommandLineParser.parse(commandLine);
	}

	/**
	 * Derives the command line of a worker. JVM arguments are inherited but for
	 * {@linkplain #notInherited() those that two JVMs cannot share}. From JDK 24 on,
	 * native access is allowed unless the command line says something about it: the
	 * sockets are native.
	 * @param additionalJvmArguments literal JVM arguments that are put last, where they
	 * win; nothing is left out of them
	 * @param programArguments the program's arguments, or {@code null} to inherit them
	 */
	public JvmCommand forWorker(List<String> additionalJvmArguments, @Nullable List<String> programArguments) {
		return forWorker(additionalJvmArguments, programArguments, Runtime.version().feature());
	}

	JvmCommand forWorker(List<String> additionalJvmArguments, @Nullable List<String> programArguments, int release) {
		List<String> inherited = new ArrayList<>(this.jvmArguments);
		inherited.removeIf(UnshareableOptions.of(release));
		if (release >= WARNS_OF_NATIVE_ACCESS && !mentionsNativeAccess(inherited)
				&& !mentionsNativeAccess(additionalJvmArguments)) {
			inherited.add(NATIVE_ACCESS + "=ALL-UNNAMED");
		}
		inherited.addAll(additionalJvmArguments);
		return new JvmCommand(this.java, inherited, this.main,
				(programArguments != null) ? programArguments : this.arguments);
	}

	/**
	 * Returns this command without some of its JVM arguments. No name in what is left is
	 * {@linkplain #expand(Map) expanded} later.
	 * @param inherited whether to keep any but those that tell where classes and modules
	 * are
	 */
	public JvmCommand inheriting(boolean inherited, List<String> excluded) {
		List<String> kept = CommandLineParser.without(this.jvmArguments,
				(option) -> excluded.stream().anyMatch(option::startsWith)
						|| !(inherited || PATHS.matcher(option).matches()));
		return new JvmCommand(this.java, kept.stream().map(JvmCommand::protect).toList(), this.main,
				this.arguments.stream().map(JvmCommand::protect).toList());
	}

	private static String protect(String text) {
		return NAME.matcher(text).replaceAll("%$0");
	}

	/**
	 * Returns this command with values in the place of names: <code>%{slot}</code> and
	 * the like. One more percent sign protects a name.
	 */
	public JvmCommand expand(Map<String, String> values) {
		return new JvmCommand(this.java, this.jvmArguments.stream().map((text) -> expand(text, values)).toList(),
				this.main, this.arguments.stream().map((text) -> expand(text, values)).toList());
	}

	/**
	 * Puts values in the place of names.
	 */
	public static String expand(String text, Map<String, String> values) {
		return NAME.matcher(text).replaceAll((match) -> {
			String value = values.get(match.group(2));
			boolean literal = value == null || !match.group(1).isEmpty();
			return Matcher.quoteReplacement(literal ? match.group().replaceFirst("%%", "%") : value);
		});
	}

	private static boolean mentionsNativeAccess(List<String> jvmArguments) {
		return jvmArguments.stream()
			.anyMatch((argument) -> argument.equals(NATIVE_ACCESS) || argument.startsWith(NATIVE_ACCESS + "="));
	}

	/**
	 * Returns the JVM arguments that a worker does not inherit: those that open a fixed
	 * port (debugger, JMX, agents that are known for it) and those that write a fixed
	 * file (logs, recordings, archives of classes) whose name does not contain
	 * {@code %p}, the process id.
	 */
	public List<String> notInherited() {
		return this.jvmArguments.stream().filter(UnshareableOptions.of(Runtime.version().feature())).toList();
	}

	/**
	 * Returns the options among those that a worker does not inherit which load an agent
	 * that listens on a port.
	 */
	public List<String> portAgents() {
		return this.jvmArguments.stream().filter(UnshareableOptions::isPortAgent).toList();
	}

	/**
	 * Returns the JAR that is run.
	 * @return the path after {@code -jar}, or empty if a class or a module is run
	 */
	public Optional<Path> jar() {
		return this.main.get(0).equals("-jar") ? Optional.of(Path.of(this.main.get(1))) : Optional.empty();
	}

	/**
	 * Returns this command with another program to run.
	 */
	public JvmCommand withJar(Path jar) {
		return new JvmCommand(this.java, this.jvmArguments, List.of("-jar", jar.toString()), this.arguments);
	}

	/**
	 * Returns this command with a JVM argument in front, where lists of processes show
	 * it.
	 */
	public JvmCommand ledBy(String argument) {
		List<String> all = new ArrayList<>();
		all.add(argument);
		all.addAll(this.jvmArguments);
		return new JvmCommand(this.java, all, this.main, this.arguments);
	}

	/**
	 * Returns the JVM arguments that name an archive of classes.
	 */
	public List<String> archives() {
		return this.jvmArguments.stream().filter((option) -> ARCHIVE.matcher(option).matches()).toList();
	}

	JvmCommand without(List<String> options) {
		return new JvmCommand(this.java,
				this.jvmArguments.stream().filter((argument) -> !options.contains(argument)).toList(), this.main,
				this.arguments);
	}

	/**
	 * Returns this command without what is for the application, and may be secret: system
	 * properties and arguments.
	 */
	JvmCommand withoutValues() {
		return new JvmCommand(this.java,
				this.jvmArguments.stream().filter((argument) -> !argument.startsWith("-D")).toList(), this.main,
				List.of());
	}

	/**
	 * Returns this command without options that make the JVM take memory at its start.
	 */
	JvmCommand withoutHeap() {
		return new JvmCommand(this.java,
				this.jvmArguments.stream().filter((argument) -> !HEAP.matcher(argument).matches()).toList(), this.main,
				this.arguments);
	}

	/**
	 * Returns this command with further JVM arguments, which come last.
	 */
	public JvmCommand with(List<String> further) {
		List<String> all = new ArrayList<>(this.jvmArguments);
		all.addAll(further);
		return new JvmCommand(this.java, all, this.main, this.arguments);
	}

	/**
	 * Returns the command line for the operating system. What begins with {@code @} is
	 * escaped as far as the launcher would take it for an argument file.
	 */
	public List<String> toCommandLine() {
		List<String> commandLine = new ArrayList<>();
		commandLine.add(this.java);
		this.jvmArguments.forEach((argument) -> commandLine.add(escape(argument)));
		this.main.forEach((argument) -> commandLine.add(escape(argument)));
		commandLine.addAll(this.arguments);
		return commandLine;
	}

	/**
	 * Returns the command line for the operating system that leaves to an argument file
	 * whatever may be secret: everybody on the system may read a command line.
	 */
	List<String> toCommandLine(Path file) {
		List<String> commandLine = new ArrayList<>();
		commandLine.add(this.java);
		this.jvmArguments.stream()
			.filter((argument) -> !isHidden(argument))
			.forEach((argument) -> commandLine.add(escape(argument)));
		commandLine.add("@" + file);
		return commandLine;
	}

	/**
	 * Returns the part of the command line that may be secret, and what has to follow it:
	 * a launcher reads no argument file behind the program's name.
	 */
	List<String> hidden() {
		List<String> hidden = new ArrayList<>(this.jvmArguments.stream().filter(JvmCommand::isHidden).toList());
		hidden.addAll(this.main);
		hidden.addAll(this.arguments);
		return hidden;
	}

	private static boolean isHidden(String jvmArgument) {
		return jvmArgument.startsWith("-D") && !jvmArgument.startsWith(VISIBLE);
	}

	private static String escape(String argument) {
		return (argument.length() > 1 && argument.charAt(0) == '@') ? "@" + argument : argument;
	}

}
