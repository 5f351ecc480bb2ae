/**
 * An application that asks of the cluster what the sample has no use for.
 */
@NullMarked
package io.github.bootcluster.eventful;

import org.jspecify.annotations.NullMarked;
