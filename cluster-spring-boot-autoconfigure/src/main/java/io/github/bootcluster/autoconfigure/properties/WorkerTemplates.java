package io.github.bootcluster.autoconfigure.properties;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import io.github.bootcluster.ClusterWorker;
import io.github.bootcluster.master.supervise.WorkerTemplate;
import io.github.bootcluster.process.JvmCommand;
import io.github.bootcluster.process.JvmEnvironment;
import io.github.bootcluster.process.ResourceDivision;
import io.github.bootcluster.process.WorkerOutput;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.ansi.AnsiColor;
import org.springframework.boot.ansi.AnsiOutput;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.core.env.Environment;

/**
 * Makes out of properties what the workers of each group are started with. What a group
 * does not set for itself is as for all workers.
 * <p>
 * A group's profiles and port become system properties, and program arguments that would
 * overrule them are left out: so they hold whether the application reads its arguments or
 * not.
 */
public final class WorkerTemplates {

	private static final String PROFILES = "spring.profiles.active";

	private static final String PORT = "server.port";

	private static final String ANSI = "SPRING_OUTPUT_ANSI_ENABLED";

	private WorkerTemplates() {
	}

	public static Map<String, WorkerTemplate> create(JvmCommand master, ClusterProperties properties,
			Environment environment) {
		ClusterProperties.Worker worker = properties.worker();
		WorkerArguments arguments = new WorkerArguments(Binder.get(environment));
		VariableNames variables = new VariableNames(environment);
		JvmCommand inherited = master.inheriting(worker.inheritJvmArgs(), worker.jvmArgsExcluded());
		List<String> jvmArgs = arguments.jvm("cluster.worker.jvm-args", worker.jvmArgs());
		List<String> args = arguments.program("cluster.worker.args", worker.args());
		Map<String, String> env = new HashMap<>(JvmEnvironment.excluding(System.getenv(), worker.jvmArgsExcluded()));
		if (writesToTerminal(worker, environment)) {
			env.put(ANSI, AnsiOutput.Enabled.ALWAYS.name());
		}
		env.putAll(variables.of("cluster.worker.env", worker.env()));
		Map<String, WorkerTemplate> templates = new HashMap<>();
		Factory factory = new Factory(inherited, properties);
		templates.put(ClusterWorker.DEFAULT_GROUP, factory.create(jvmArgs, args, env));
		properties.groups().forEach((name, group) -> {
			String prefix = "cluster.groups." + name;
			List<String> groupsJvmArgs = new ArrayList<>(jvmArgs);
			groupsJvmArgs.addAll(arguments.jvm(prefix + ".jvm-args", group.jvmArgs()));
			List<String> groupsArgs = arguments.program(prefix + ".args", group.args());
			Map<String, String> groupsEnv = new HashMap<>(env);
			groupsEnv.putAll(variables.of(prefix + ".env", group.env()));
			List<String> allArgs = new ArrayList<>(groupsArguments(groupsArgs, args, inherited));
			addProperties(group, groupsJvmArgs, allArgs);
			templates.put(name, factory.create(groupsJvmArgs, allArgs, groupsEnv));
		});
		return templates;
	}

	/**
	 * Tells whether Spring Boot has found a terminal at the output of the master, where
	 * that of workers goes as well: they themselves write to a pipe.
	 */
	private static boolean writesToTerminal(ClusterProperties.Worker worker, Environment environment) {
		boolean shared = worker.output() == WorkerOutput.PREFIX || worker.output() == WorkerOutput.INHERIT;
		return shared && !environment.containsProperty("spring.output.ansi.enabled")
				&& !AnsiOutput.toString(AnsiColor.RED, "text").equals("text");
	}

	private static void addProperties(ClusterProperties.Group group, List<String> jvmArguments,
			List<String> arguments) {
		if (!group.profiles().isEmpty()) {
			set(PROFILES, String.join(",", group.profiles()), jvmArguments, arguments);
		}
		if (group.port() != null) {
			set(PORT, group.port().toString(), jvmArguments, arguments);
		}
	}

	private static List<String> groupsArguments(@Nullable List<String> own, @Nullable List<String> ofAll,
			JvmCommand inherited) {
		List<String> set = (own != null) ? own : ofAll;
		return (set != null) ? set : inherited.arguments();
	}

	private static void set(String property, String value, List<String> jvmArguments, List<String> arguments) {
		jvmArguments.add("-D%s=%s".formatted(property, value));
		arguments
			.removeIf((argument) -> argument.equals("--" + property) || argument.startsWith("--" + property + "="));
	}

	private record Factory(JvmCommand inherited, ClusterProperties properties) {

		WorkerTemplate create(List<String> jvmArguments, @Nullable List<String> arguments,
				Map<String, String> environment) {
			JvmCommand command = this.inherited.forWorker(jvmArguments, arguments);
			return new WorkerTemplate(command, environment,
					this.properties.resources().divide() ? divide(command, jvmArguments, environment) : null);
		}

		private ResourceDivision divide(JvmCommand command, List<String> jvmArguments,
				Map<String, String> environment) {
			ClusterProperties.Restart restart = this.properties.restart();
			return ResourceDivision.among(command, environment, jvmArguments,
					restart.exclusiveSlots() ? 0 : restart.surge());
		}

	}

}
