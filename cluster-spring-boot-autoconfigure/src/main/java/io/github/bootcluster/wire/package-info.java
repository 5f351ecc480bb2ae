/**
 * Protocol between the master and its workers: frames, descriptors and the sockets that
 * carry them.
 */
@NullMarked
package io.github.bootcluster.wire;

import org.jspecify.annotations.NullMarked;
