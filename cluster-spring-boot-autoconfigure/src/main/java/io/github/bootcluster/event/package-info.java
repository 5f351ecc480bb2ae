/**
 * Spring application events that tell of the lives of workers and of the cluster.
 */
@NullMarked
package io.github.bootcluster.event;

import org.jspecify.annotations.NullMarked;
