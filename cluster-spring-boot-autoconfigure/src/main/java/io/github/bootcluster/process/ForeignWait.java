package io.github.bootcluster.process;

import java.lang.invoke.MethodHandle;
import java.lang.reflect.Array;
import java.util.List;
import java.util.Optional;
import java.util.function.LongConsumer;

import org.jspecify.annotations.Nullable;

/**
 * The system's {@code waitpid}, which the JDK can call from release 22 on: its classes
 * for that are looked up by name, as this code runs on older releases, too. It is looked
 * up when it is needed first, as the JVM may warn of it.
 *
 * @see <a href="https://openjdk.org/jeps/454">JEP 454: Foreign Function &amp; Memory
 * API</a>
 */
final class ForeignWait implements LongConsumer {

	private static final int FIRST_RELEASE = 22;

	private static final String PACKAGE = "java.lang.foreign.";

	/**
	 * Does not block: {@code WNOHANG}.
	 */
	private static final int NO_HANG = 1;

	private @Nullable MethodHandle function;

	private @Nullable Object noStatus;

	/**
	 * Waits for a child that has ended, and does nothing if it has not.
	 */
	@Override
	public void accept(long pid) {
		if (Runtime.version().feature() < FIRST_RELEASE) {
			throw new UnsupportedOperationException(
					"this JVM waits for its own children only: run it on JDK " + FIRST_RELEASE + " or newer");
		}
		try {
			if (this.function == null) {
				this.noStatus = type("MemorySegment").getField("NULL").get(null);
				this.function = find();
			}
			this.function.invokeWithArguments((int) pid, this.noStatus, NO_HANG);
		}
		catch (Error ex) {
			throw ex;
		}
		catch (Throwable ex) {
			throw new UnsupportedOperationException(
					"this JVM may not call the system's functions (%s): start it with "
						.formatted((ex.getCause() != null) ? ex.getCause() : ex) + "--enable-native-access=ALL-UNNAMED",
					ex);
		}
	}

	private static MethodHandle find() throws ReflectiveOperationException {
		Class<?> linkerType = type("Linker");
		Class<?> option = type("Linker$Option");
		Class<?> layout = type("MemoryLayout");
		Class<?> descriptorType = type("FunctionDescriptor");
		Object integer = type("ValueLayout").getField("JAVA_INT").get(null);
		Object address = type("ValueLayout").getField("ADDRESS").get(null);
		Object linker = linkerType.getMethod("nativeLinker").invoke(null);
		Object functions = linkerType.getMethod("defaultLookup").invoke(linker);
		Optional<?> symbol = (Optional<?>) type("SymbolLookup").getMethod("find", String.class)
			.invoke(functions, "waitpid");
		Object descriptor = descriptorType.getMethod("of", layout, layout.arrayType())
			.invoke(null, integer, array(layout, List.of(integer, address, integer)));
		return (MethodHandle) linkerType
			.getMethod("downcallHandle", type("MemorySegment"), descriptorType, option.arrayType())
			.invoke(linker, symbol.orElseThrow(), descriptor, array(option, List.of()));
	}

	private static Class<?> type(String name) throws ClassNotFoundException {
		return Class.forName(PACKAGE + name);
	}

	private static Object array(Class<?> type, List<?> elements) {
		Object array = Array.newInstance(type, elements.size());
		for (int i = 0; i < elements.size(); i++) {
			Array.set(array, i, elements.get(i));
		}
		return array;
	}

}
