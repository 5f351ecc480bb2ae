/**
 * Supervision of the workers: slots, respawn, rolling restart, recycling, watchdog,
 * election, events and status. Internal: its public types are for other packages of this
 * project.
 */
@NullMarked
package io.github.bootcluster.master.supervise;

import org.jspecify.annotations.NullMarked;
