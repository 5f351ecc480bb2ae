package io.github.bootcluster.worker;

import java.lang.management.LockInfo;
import java.lang.management.ManagementFactory;
import java.lang.management.MonitorInfo;
import java.lang.management.ThreadInfo;
import java.nio.charset.StandardCharsets;

import io.github.bootcluster.wire.ControlConnection;
import io.github.bootcluster.wire.Frame;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

/**
 * Writes down what all threads of this process do. The JDK's own text of a thread ends
 * after eight frames, which a blocked event loop needs for its own.
 */
final class ThreadDumps {

	private static final Log logger = LogFactory.getLog(ThreadDumps.class);

	/**
	 * Longest dump, in bytes of UTF-8.
	 */
	static final int MAX_LENGTH = 512 * 1024;

	private static final String CUT = "... (cut)\n";

	private ThreadDumps() {
	}

	/**
	 * Tells the master what the threads do, and then the log, from a thread of its own:
	 * what blocks the event loops may block logging, too.
	 */
	static void tell(ControlConnection connection) {
		String dump = take();
		connection.send(new Frame.ThreadDump(dump));
		Thread thread = new Thread(() -> logger.error("The master considers this worker hung; thread dump:\n" + dump),
				"cluster-thread-dump");
		thread.setDaemon(true);
		thread.start();
	}

	static String take() {
		StringBuilder dump = new StringBuilder();
		for (ThreadInfo thread : ManagementFactory.getThreadMXBean().dumpAllThreads(true, true)) {
			append(dump, thread);
		}
		return cut(dump.toString(), MAX_LENGTH);
	}

	/**
	 * Cuts a text at the end of a line. A character takes no more than three bytes, or
	 * four together with the one after it.
	 * @param maxLength how many bytes it may take
	 * @return the text or what fits of it
	 */
	static String cut(String text, int maxLength) {
		if (text.getBytes(StandardCharsets.UTF_8).length <= maxLength) {
			return text;
		}
		int length = 0;
		int end = 0;
		int room = maxLength - CUT.length();
		for (int i = 0; i < text.length() && length <= room; i++) {
			char c = text.charAt(i);
			length += (c < 0x80) ? 1 : (c < 0x800 || Character.isSurrogate(c)) ? 2 : 3;
			if (c == '\n' && length <= room) {
				end = i + 1;
			}
		}
		return text.substring(0, end) + CUT;
	}

	private static void append(StringBuilder dump, ThreadInfo thread) {
		dump.append('"')
			.append(thread.getThreadName())
			.append("\" #")
			.append(thread.getThreadId())
			.append(thread.isDaemon() ? " daemon " : " ")
			.append(thread.getThreadState());
		if (thread.getLockName() != null) {
			dump.append(" on ").append(thread.getLockName());
		}
		if (thread.getLockOwnerName() != null) {
			dump.append(" owned by \"")
				.append(thread.getLockOwnerName())
				.append("\" #")
				.append(thread.getLockOwnerId());
		}
		dump.append('\n');
		StackTraceElement[] stack = thread.getStackTrace();
		for (int depth = 0; depth < stack.length; depth++) {
			dump.append("\tat ").append(stack[depth]).append('\n');
			for (MonitorInfo monitor : thread.getLockedMonitors()) {
				if (monitor.getLockedStackDepth() == depth) {
					dump.append("\t- locked ").append(monitor).append('\n');
				}
			}
		}
		for (LockInfo lock : thread.getLockedSynchronizers()) {
			dump.append("\t- holds ").append(lock).append('\n');
		}
		dump.append('\n');
	}

}
