package io.github.bootcluster.master.supervise;

import java.util.List;
import java.util.Map;

import io.github.bootcluster.SettingChange;

/**
 * Settings as they are when a rolling restart begins.
 *
 * @param settings what to go by from now on
 * @param templates what to start workers of the new generation with, by group
 * @param unapplied what has changed besides and takes a new master
 */
public record NewSettings(MasterSettings settings, Map<String, WorkerTemplate> templates,
		List<SettingChange> unapplied) {

	public NewSettings {
		templates = Map.copyOf(templates);
		unapplied = List.copyOf(unapplied);
	}

}
