package io.github.bootcluster.process;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import javax.management.ObjectName;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Promises on the commands that a master gives to its own JVM.
 */
class HotSpotCommandsTests {

	private static final Path TEMPORARY = Path.of(System.getProperty("java.io.tmpdir"));

	@AfterEach
	void clear() throws Exception {
		execute("compilerDirectivesClear");
	}

	@Test
	void optimizingCompilerIsExcludedButForDigests() throws Exception {
		HotSpotCommands.excludeOptimizingCompiler();
		String[] directives = execute("compilerDirectivesPrint").split("Directive:");
		assertThat(directives[1]).contains("sun/security/provider/*.*");
		assertThat(directives[1].split("c2 directives:")[1]).contains("Exclude:false");
		assertThat(directives[2]).contains("matching: *.*");
		assertThat(directives[2].split("c2 directives:")[0]).contains("Exclude:false");
		assertThat(directives[2].split("c2 directives:")[1]).contains("Exclude:true");
	}

	@Test
	void noFileIsLeft() throws Exception {
		Set<Path> before = files();
		HotSpotCommands.excludeOptimizingCompiler();
		assertThat(files()).isSubsetOf(before);
	}

	private static Set<Path> files() throws IOException {
		try (Stream<Path> files = Files.list(TEMPORARY)) {
			return files.filter((file) -> file.getFileName().toString().startsWith("cluster-compiler-"))
				.collect(Collectors.toSet());
		}
	}

	private static String execute(String command) throws Exception {
		return (String) ManagementFactory.getPlatformMBeanServer()
			.invoke(new ObjectName("com.sun.management:type=DiagnosticCommand"), command, new Object[0], new String[0]);
	}

}
