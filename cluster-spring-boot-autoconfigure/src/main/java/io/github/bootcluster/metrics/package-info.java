/**
 * What the master has counted, as meters of a worker, and what tells the workers' own
 * meters apart.
 */
@NullMarked
package io.github.bootcluster.metrics;

import org.jspecify.annotations.NullMarked;
