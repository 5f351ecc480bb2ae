package io.github.bootcluster.autoconfigure.role;

import java.lang.invoke.MethodType;
import java.util.stream.Stream;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;

/**
 * Which of the runs of {@link SpringApplication} in a process one is. A process may have
 * several: an application starts child contexts, and Spring Cloud a bootstrap context.
 * All of them publish the same events.
 */
enum ApplicationRun {

	/**
	 * The application itself.
	 */
	MAIN,

	/**
	 * The parent context of an application that a {@link SpringApplicationBuilder} runs
	 * before the application itself.
	 */
	PARENT,

	/**
	 * An application that is run within the run of another.
	 */
	NESTED;

	private static final String RUN = MethodType.methodType(ConfigurableApplicationContext.class, String[].class)
		.toMethodDescriptorString();

	/**
	 * Tells which run the current thread is in.
	 */
	static ApplicationRun current() {
		// From JDK 22 on a frame tells its descriptor only with the option
		StackWalker stack = StackWalker.getInstance(StackWalker.Option.RETAIN_CLASS_REFERENCE);
		long depth = stack.walk((frames) -> frames.filter(ApplicationRun::isRun).count());
		if (depth > 1) {
			return NESTED;
		}
		return stack.walk(ApplicationRun::isForChild) ? PARENT : MAIN;
	}

	private static boolean isRun(StackWalker.StackFrame frame) {
		return frame.getMethodName().equals("run") && frame.getClassName().equals(SpringApplication.class.getName())
				&& frame.getDescriptor().equals(RUN);
	}

	private static boolean isForChild(Stream<StackWalker.StackFrame> frames) {
		return frames.anyMatch((frame) -> frame.getMethodName().equals("configureAsChildIfNecessary")
				&& frame.getClassName().equals(SpringApplicationBuilder.class.getName()));
	}

}
