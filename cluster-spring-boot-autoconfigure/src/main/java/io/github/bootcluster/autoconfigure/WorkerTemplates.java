package io.github.bootcluster.autoconfigure;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import io.github.bootcluster.ClusterWorker;
import io.github.bootcluster.master.supervise.WorkerTemplate;
import io.github.bootcluster.process.JvmCommand;
import io.github.bootcluster.process.JvmEnvironment;
import org.jspecify.annotations.Nullable;

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
final class WorkerTemplates {

	private static final String PROFILES = "spring.profiles.active";

	private static final String PORT = "server.port";

	private WorkerTemplates() {
	}

	static Map<String, WorkerTemplate> create(JvmCommand master, ClusterProperties properties,
			Environment environment) {
		ClusterProperties.Worker worker = properties.worker();
		WorkerArguments arguments = new WorkerArguments(Binder.get(environment));
		VariableNames variables = new VariableNames(environment);
		JvmCommand inherited = master.inheriting(worker.inheritJvmArgs(), worker.jvmArgsExcluded());
		List<String> jvmArgs = arguments.jvm("cluster.worker.jvm-args", worker.jvmArgs());
		List<String> args = arguments.program("cluster.worker.args", worker.args());
		Map<String, String> env = new HashMap<>(JvmEnvironment.excluding(System.getenv(), worker.jvmArgsExcluded()));
		env.putAll(variables.of("cluster.worker.env", worker.env()));
		Map<String, WorkerTemplate> templates = new HashMap<>();
		templates.put(ClusterWorker.DEFAULT_GROUP, new WorkerTemplate(inherited.forWorker(jvmArgs, args), env));
		properties.groups().forEach((name, group) -> {
			String prefix = "cluster.groups." + name;
			List<String> groupsJvmArgs = new ArrayList<>(jvmArgs);
			groupsJvmArgs.addAll(arguments.jvm(prefix + ".jvm-args", group.jvmArgs()));
			List<String> groupsArgs = arguments.program(prefix + ".args", group.args());
			Map<String, String> groupsEnv = new HashMap<>(env);
			groupsEnv.putAll(variables.of(prefix + ".env", group.env()));
			templates.put(name, create(inherited, group, groupsJvmArgs,
					new ArrayList<>(groupsArguments(groupsArgs, args, inherited)), groupsEnv));
		});
		return templates;
	}

	private static WorkerTemplate create(JvmCommand inherited, ClusterProperties.Group group, List<String> jvmArguments,
			List<String> arguments, Map<String, String> environment) {
		if (!group.profiles().isEmpty()) {
			set(PROFILES, String.join(",", group.profiles()), jvmArguments, arguments);
		}
		if (group.port() != null) {
			set(PORT, group.port().toString(), jvmArguments, arguments);
		}
		return new WorkerTemplate(inherited.forWorker(jvmArguments, arguments), environment);
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

}
