package io.github.bootcluster.process;

import java.util.List;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Knows the JVM options that only one JVM of a host can have, because they open a fixed
 * port or write a fixed file. What is written only when something goes wrong
 * ({@code -XX:ErrorFile}, {@code -XX:HeapDumpPath}) is no conflict, and neither is
 * {@code -XX:FlightRecorderOptions}: below its repository each JVM makes a directory with
 * its process id.
 */
final class UnshareableOptions implements Predicate<String> {

	/**
	 * Agents that are known to listen on the port that their argument, or their default,
	 * names.
	 */
	private static final String PORT_AGENTS = "-javaagent:([^=]*/)?(jmx_prometheus_javaagent|jolokia-(jvm-)?agent)[^=/]*(=.*)?"
			+ "|-javaagent:([^=]*/)?byteman[^=/]*=.*(listener|port):.*"
			+ "|-agentpath:([^=]*/)?[^=/]*jprofilerti[^=/]*(=.*)?";

	private static final Pattern PORT_AGENT = Pattern.compile(PORT_AGENTS);

	/**
	 * Whatever their value, these conflict. The archives are written when a JVM exits,
	 * which several workers do at once, into one file; {@code AutoCreateSharedArchive}
	 * does so too, and its {@code SharedArchiveFile} is still read without it.
	 * {@code AOTConfiguration} is an error without the modes that are left out.
	 */
	private static final Pattern ALWAYS = Pattern
		.compile("-agentlib:jdwp(=.*)?|-agentpath:([^=]*/)?[^=/]*jdwp[^=/]*(=.*)?"
				+ "|-Xrunjdwp.*|-Xdebug|-Dcom\\.sun\\.management\\.(jmxremote|config\\.file).*"
				+ "|-XX:(ArchiveClassesAtExit|DumpLoadedClassList|AOTCacheOutput|AOTConfiguration)=.*" + "|"
				+ PORT_AGENTS + "|-XX:AOTMode=(record|create)|-XX:\\+AutoCreateSharedArchive");

	private static final List<Pattern> FILES = List.of(Pattern.compile("-Xloggc:(?<file>.*)"),
			Pattern.compile("-XX:LogFile=(?<file>.*)"),
			Pattern.compile("-Xlog:[^:]*:(?!(stdout|stderr)?(:|$))(?<file>(file=)?(\"[^\"]*\"|[^:]*)).*"));

	private static final Pattern RECORDING = Pattern
		.compile("-XX:StartFlightRecording[:=](.*,)?filename=(?<file>[^,]*).*");

	/**
	 * A recording's file name was not expanded yet by JDK 17, and is by JDK 25.
	 */
	private static final int EXPANDS_RECORDING = 25;

	private final int release;

	private UnshareableOptions(int release) {
		this.release = release;
	}

	/**
	 * Tells whether an option loads an agent that is known to listen on a port.
	 */
	static boolean isPortAgent(String option) {
		return PORT_AGENT.matcher(option).matches();
	}

	static Predicate<String> of(int release) {
		return new UnshareableOptions(release);
	}

	@Override
	public boolean test(String option) {
		return ALWAYS.matcher(option).matches() || FILES.stream().anyMatch((file) -> writesOneFile(file, option, true))
				|| writesOneFile(RECORDING, option, this.release >= EXPANDS_RECORDING);
	}

	private static boolean writesOneFile(Pattern pattern, String option, boolean expandsProcessId) {
		Matcher matcher = pattern.matcher(option);
		return matcher.matches() && !(expandsProcessId && matcher.group("file").contains("%p"));
	}

}
