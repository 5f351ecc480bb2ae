package io.github.bootcluster.process;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.Optional;
import java.util.function.IntConsumer;

/**
 * Signals that this process gets. The JDK's class for them, in its supported module
 * {@code jdk.unsupported}, is called by reflection: the compiler warns of any other use
 * in a way that nothing can silence.
 */
public final class ProcessSignals {

	private static final String SIGNAL = "sun.misc.Signal";

	private static final String HANDLER = "sun.misc.SignalHandler";

	private ProcessSignals() {
	}

	/**
	 * Replaces what the JVM does on a signal.
	 * @param handler takes the signal's number, on a thread of its own that must not be
	 * held up
	 */
	public static boolean handle(String name, IntConsumer handler) {
		return replace(name, handler).isPresent();
	}

	/**
	 * Replaces what the JVM does on a signal, for a while.
	 * @param handler takes the signal's number, on a thread of its own that must not be
	 * held up
	 * @return puts back what was there before, or empty if the signal cannot be handled
	 */
	static Optional<Runnable> replace(String name, IntConsumer handler) {
		try {
			Class<?> signalType = Class.forName(SIGNAL);
			Class<?> handlerType = Class.forName(HANDLER);
			Method number = signalType.getMethod("getNumber");
			Object proxy = Proxy.newProxyInstance(handlerType.getClassLoader(), new Class<?>[] { handlerType },
					(self, method, arguments) -> {
						if (method.getName().equals("handle")) {
							handler.accept((int) number.invoke(arguments[0]));
							return null;
						}
						return method.invoke(handler, arguments);
					});
			Object signal = signalType.getConstructor(String.class).newInstance(name);
			Method handle = signalType.getMethod("handle", signalType, handlerType);
			Object former = handle.invoke(null, signal, proxy);
			return Optional.of(() -> restore(handle, signal, former));
		}
		catch (InvocationTargetException ex) {
			if (ex.getCause() instanceof IllegalArgumentException) {
				return Optional.empty();
			}
			throw new IllegalStateException("Cannot handle signal " + name, ex.getCause());
		}
		catch (ReflectiveOperationException ex) {
			return Optional.empty();
		}
	}

	/**
	 * Sends this process a signal. The JDK raises only those that have a handler, which
	 * {@code TERM} and {@code INT} have in every JVM: ending needs no shell.
	 */
	static void raise(String name) {
		try {
			Class<?> signalType = Class.forName(SIGNAL);
			Object signal = signalType.getConstructor(String.class).newInstance(name);
			signalType.getMethod("raise", signalType).invoke(null, signal);
		}
		catch (ReflectiveOperationException ex) {
			SignalSender.send(ProcessHandle.current().pid(), name).exceptionally((failure) -> null);
		}
	}

	private static void restore(Method handle, Object signal, Object former) {
		try {
			handle.invoke(null, signal, former);
		}
		catch (ReflectiveOperationException ex) {
			throw new IllegalStateException("Cannot put back the handler of signal " + signal, ex);
		}
	}

}
