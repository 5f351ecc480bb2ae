/**
 * Listening sockets of the master: dispatch of connections, their limits, PROXY headers,
 * returned connections. Internal: its public types are for other packages of this
 * project.
 */
@NullMarked
package io.github.bootcluster.master.listen;

import org.jspecify.annotations.NullMarked;
