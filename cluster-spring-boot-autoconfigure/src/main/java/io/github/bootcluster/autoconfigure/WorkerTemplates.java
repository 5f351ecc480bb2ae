package io.github.bootcluster.autoconfigure;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import io.github.bootcluster.ClusterWorker;
import io.github.bootcluster.master.WorkerTemplate;
import io.github.bootcluster.process.JvmCommand;

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

	/**
	 * Creates the templates.
	 * @param inherited the command line of the master
	 * @param properties the properties
	 * @return the templates by group, the default one included
	 */
	static Map<String, WorkerTemplate> create(JvmCommand inherited, ClusterProperties properties) {
		ClusterProperties.Worker worker = properties.worker();
		Map<String, WorkerTemplate> templates = new HashMap<>();
		templates.put(ClusterWorker.DEFAULT_GROUP,
				new WorkerTemplate(inherited.forWorker(worker.jvmArgs(), worker.args()), worker.env()));
		properties.groups().forEach((name, group) -> templates.put(name, create(inherited, worker, group)));
		return templates;
	}

	private static WorkerTemplate create(JvmCommand inherited, ClusterProperties.Worker worker,
			ClusterProperties.Group group) {
		List<String> args = (group.args() != null) ? group.args() : worker.args();
		List<String> arguments = new ArrayList<>((args != null) ? args : inherited.arguments());
		List<String> jvmArguments = new ArrayList<>(worker.jvmArgs());
		jvmArguments.addAll(group.jvmArgs());
		if (!group.profiles().isEmpty()) {
			set(PROFILES, String.join(",", group.profiles()), jvmArguments, arguments);
		}
		if (group.port() != null) {
			set(PORT, group.port().toString(), jvmArguments, arguments);
		}
		Map<String, String> environment = new HashMap<>(worker.env());
		environment.putAll(group.env());
		return new WorkerTemplate(inherited.forWorker(jvmArguments, arguments), environment);
	}

	private static void set(String property, String value, List<String> jvmArguments, List<String> arguments) {
		jvmArguments.add("-D%s=%s".formatted(property, value));
		arguments
			.removeIf((argument) -> argument.equals("--" + property) || argument.startsWith("--" + property + "="));
	}

}
