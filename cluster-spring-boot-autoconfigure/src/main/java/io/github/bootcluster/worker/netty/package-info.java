/**
 * Serving what the master hands over with Netty: hand-off channels, event loops and the
 * drain of Reactor Netty. Internal: its public types are for other packages of this
 * project.
 */
@NullMarked
package io.github.bootcluster.worker.netty;

import org.jspecify.annotations.NullMarked;
