/**
 * The worker's role: it serves the connections that the master hands over, and ends when
 * the master wants it or is gone.
 */
@NullMarked
package io.github.bootcluster.worker;

import org.jspecify.annotations.NullMarked;
