package io.github.bootcluster.apps.lazy;

import java.util.List;

import org.springframework.stereotype.Service;

/**
 * What this application calls a cluster: a database's, for example.
 */
@Service
class Cluster {

	List<String> nodes() {
		return List.of("one", "two");
	}

}
