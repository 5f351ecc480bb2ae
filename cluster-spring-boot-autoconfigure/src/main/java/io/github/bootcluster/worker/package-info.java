/**
 * Role of a worker, whatever web server it runs: connection to the master, heartbeat,
 * drain, leadership. Internal: its public types are for other packages of this project.
 */
@NullMarked
package io.github.bootcluster.worker;

import org.jspecify.annotations.NullMarked;
