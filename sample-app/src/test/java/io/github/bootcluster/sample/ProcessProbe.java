package io.github.bootcluster.sample;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;

import com.sun.tools.attach.AttachNotSupportedException;
import com.sun.tools.attach.VirtualMachine;

import org.springframework.util.unit.DataSize;

/**
 * What the kernel tells of a process.
 */
final class ProcessProbe {

	/**
	 * TCP_LISTEN in the kernel's tables.
	 */
	private static final String LISTENING = "0A";

	private ProcessProbe() {
	}

	/**
	 * Returns how many file descriptors a process has open.
	 * @param pid the process
	 * @return the number of descriptors
	 * @throws IOException if the process is gone
	 */
	static long openDescriptors(long pid) throws IOException {
		try (Stream<Path> descriptors = Files.list(Path.of("/proc", Long.toString(pid), "fd"))) {
			return descriptors.count();
		}
	}

	/**
	 * Returns how much memory of a process is resident.
	 * @param pid the process
	 * @return the size
	 * @throws IOException if the process is gone
	 */
	static DataSize residentMemory(long pid) throws IOException {
		for (String line : Files.readAllLines(Path.of("/proc", Long.toString(pid), "status"))) {
			if (line.startsWith("VmRSS:")) {
				return DataSize.ofKilobytes(Long.parseLong(line.replaceAll("\\D", "")));
			}
		}
		throw new IOException("Process " + pid + " has ended");
	}

	/**
	 * Returns what a process was started with, from an argument file too, which the
	 * process itself has to be asked about.
	 * @param pid the process
	 * @return the command line
	 * @throws IOException if the process is gone
	 */
	static List<String> commandLine(long pid) throws IOException {
		List<String> visible = visibleCommandLine(pid);
		String last = visible.get(visible.size() - 1);
		if (!last.startsWith("@/")) {
			return visible;
		}
		Properties told = agentProperties(pid);
		List<String> whole = new ArrayList<>(visible.subList(0, visible.size() - 1));
		Stream.of(told.getProperty("sun.jvm.args").split(" (?=-)"))
			.filter((argument) -> argument.startsWith("-D") && !visible.contains(argument))
			.forEach(whole::add);
		String[] program = told.getProperty("sun.java.command").split(" ", 2);
		if (program[0].endsWith(".jar")) {
			whole.add("-jar");
		}
		whole.add(program[0]);
		if (program.length > 1) {
			whole.addAll(List.of(program[1].split(" (?=--)")));
		}
		return whole;
	}

	private static Properties agentProperties(long pid) throws IOException {
		try {
			VirtualMachine machine = VirtualMachine.attach(Long.toString(pid));
			try {
				return machine.getAgentProperties();
			}
			finally {
				machine.detach();
			}
		}
		catch (AttachNotSupportedException ex) {
			throw new IOException(ex);
		}
	}

	/**
	 * Returns what a list of processes shows of one.
	 * @param pid the process
	 * @return the command line
	 * @throws IOException if the process is gone
	 */
	static List<String> visibleCommandLine(long pid) throws IOException {
		return strings(pid, "cmdline");
	}

	/**
	 * Returns the environment that a process was started with.
	 * @param pid the process
	 * @return the variables
	 * @throws IOException if the process is gone
	 */
	static List<String> environment(long pid) throws IOException {
		return strings(pid, "environ");
	}

	private static List<String> strings(long pid, String file) throws IOException {
		return List.of(Files.readString(proc(pid).resolve(file)).split("\0"));
	}

	/**
	 * Returns what the file descriptors of a process are.
	 * @param pid the process
	 * @return the target of each descriptor, by its number
	 * @throws IOException if the process is gone
	 */
	static Map<Integer, String> descriptors(long pid) throws IOException {
		Map<Integer, String> targets = new TreeMap<>();
		try (Stream<Path> descriptors = Files.list(proc(pid).resolve("fd"))) {
			for (Path descriptor : (Iterable<Path>) descriptors::iterator) {
				try {
					targets.put(Integer.parseInt(descriptor.getFileName().toString()),
							Files.readSymbolicLink(descriptor).toString());
				}
				catch (NoSuchFileException ex) {
					// closed meanwhile
				}
			}
		}
		return targets;
	}

	/**
	 * Returns what TCP addresses a process listens on.
	 * @param pid the process
	 * @return the addresses
	 * @throws IOException if the process is gone
	 */
	static Set<InetSocketAddress> listeningAddresses(long pid) throws IOException {
		Collection<String> own = descriptors(pid).values();
		Set<InetSocketAddress> addresses = new HashSet<>();
		for (String table : List.of("tcp", "tcp6")) {
			for (String line : Files.readAllLines(proc(pid).resolve("net").resolve(table))) {
				String[] fields = line.trim().split("\\s+");
				if (fields[3].equals(LISTENING) && own.contains("socket:[" + fields[9] + "]")) {
					addresses.add(address(fields[1]));
				}
			}
		}
		return addresses;
	}

	/**
	 * Reads an address as the kernel writes it: words of 32 bits in the machine's order.
	 * @param text the address in hexadecimal digits
	 * @return the address
	 * @throws UnknownHostException if it is not one
	 */
	private static InetSocketAddress address(String text) throws UnknownHostException {
		int colon = text.indexOf(':');
		ByteBuffer bytes = ByteBuffer.allocate(colon / 2).order(ByteOrder.nativeOrder());
		for (int i = 0; i < colon; i += 8) {
			bytes.putInt(Integer.parseUnsignedInt(text, i, i + 8, 16));
		}
		return new InetSocketAddress(InetAddress.getByAddress(bytes.array()),
				Integer.parseInt(text.substring(colon + 1), 16));
	}

	/**
	 * Tells whether no thread of a process runs because of a STOP.
	 * @param pid the process
	 * @return whether all stand still
	 * @throws IOException if the process is gone
	 */
	static boolean isFrozen(long pid) throws IOException {
		try (Stream<Path> threads = Files.list(proc(pid).resolve("task"))) {
			for (Path thread : (Iterable<Path>) threads::iterator) {
				if (!statistics(thread)[0].equals("T")) {
					return false;
				}
			}
		}
		return true;
	}

	/**
	 * Tells whether a process handles a signal by code of its own.
	 * @param pid the process
	 * @param signal the signal's number
	 * @return whether it does
	 * @throws IOException if the process can't be looked at
	 */
	static boolean catches(long pid, int signal) throws IOException {
		String mask = Files.readAllLines(proc(pid).resolve("status"))
			.stream()
			.filter((line) -> line.startsWith("SigCgt:"))
			.map((line) -> line.substring("SigCgt:".length()).trim())
			.findFirst()
			.orElse("0");
		return (Long.parseUnsignedLong(mask, 16) & (1L << (signal - 1))) != 0;
	}

	/**
	 * Returns how many times a thread of a process has gone to sleep by itself.
	 * @param pid the process
	 * @param name the beginning of the thread's name
	 * @return the number of voluntary context switches
	 * @throws IOException if the process is gone
	 */
	static long threadWaits(long pid, String name) throws IOException {
		for (String line : Files.readAllLines(thread(pid, name).resolve("status"))) {
			if (line.startsWith("voluntary_ctxt_switches:")) {
				return Long.parseLong(line.replaceAll("\\D", ""));
			}
		}
		throw new IOException("Thread " + name + " of process " + pid + " has ended");
	}

	/**
	 * Returns how much time a thread of a process has used of a processor.
	 * @param pid the process
	 * @param name the beginning of the thread's name
	 * @return the time in the kernel's ticks, of which a second has 100
	 * @throws IOException if the process is gone
	 */
	static long threadTicks(long pid, String name) throws IOException {
		String[] fields = statistics(thread(pid, name));
		return Long.parseLong(fields[11]) + Long.parseLong(fields[12]);
	}

	private static String[] statistics(Path thread) throws IOException {
		String stat = Files.readString(thread.resolve("stat"));
		return stat.substring(stat.lastIndexOf(')') + 2).split(" ");
	}

	private static Path thread(long pid, String name) throws IOException {
		try (Stream<Path> threads = Files.list(proc(pid).resolve("task"))) {
			for (Path thread : (Iterable<Path>) threads::iterator) {
				if (Files.readString(thread.resolve("comm")).startsWith(name)) {
					return thread;
				}
			}
		}
		throw new IOException("Process " + pid + " has no thread " + name);
	}

	private static Path proc(long pid) {
		return Path.of("/proc", Long.toString(pid));
	}

}
