/**
 * The meters of all workers as one Prometheus scrape. Its public types are for the
 * auto-configuration alone.
 */
@NullMarked
package io.github.bootcluster.metrics.prometheus;

import org.jspecify.annotations.NullMarked;
