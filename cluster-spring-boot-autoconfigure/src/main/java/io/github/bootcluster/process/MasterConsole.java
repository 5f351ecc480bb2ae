package io.github.bootcluster.process;

import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.Charset;

import org.jspecify.annotations.Nullable;

/**
 * Standard output and standard error of a master, whose threads never wait for their
 * reader: a log shipper that is stuck, or a pager, does not stop the supervision.
 */
public final class MasterConsole {

	private static @Nullable ConsoleBuffer output;

	private static @Nullable ConsoleBuffer error;

	private MasterConsole() {
	}

	/**
	 * Puts a bounded buffer before {@link System#out} and one before {@link System#err},
	 * once in a process. When the process ends, what they hold is written if somebody
	 * reads it.
	 */
	public static synchronized void install() {
		if (output != null) {
			return;
		}
		ConsoleBuffer out = ConsoleBuffer.open("cluster-stdout", System.out, ConsoleBuffer.CAPACITY);
		ConsoleBuffer err = ConsoleBuffer.open("cluster-stderr", System.err, ConsoleBuffer.CAPACITY);
		System.setOut(new PrintStream(out, true, charset("stdout.encoding")));
		System.setErr(new PrintStream(err, true, charset("stderr.encoding")));
		output = out;
		error = err;
		Runtime.getRuntime().addShutdownHook(new Thread(MasterConsole::end, "cluster-console-end"));
	}

	private static Charset charset(String property) {
		// Before JDK 19 known for a terminal only, by another name
		String name = System.getProperty(property, System.getProperty("sun." + property));
		return (name != null && Charset.isSupported(name)) ? Charset.forName(name) : NativeCharset.get();
	}

	/**
	 * Returns where the lines of workers go.
	 * @return the standard output, buffered if that was installed
	 */
	public static synchronized OutputStream output() {
		return (output != null) ? output : System.out;
	}

	/**
	 * Writes what the buffers hold, if somebody reads it, as the process is about to end:
	 * for some seconds at most.
	 */
	public static void end() {
		ConsoleBuffer out;
		ConsoleBuffer err;
		synchronized (MasterConsole.class) {
			out = output;
			err = error;
		}
		if (out != null) {
			out.end();
		}
		if (err != null) {
			err.end();
		}
	}

}
