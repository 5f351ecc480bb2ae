/**
 * Which worker gets the next connection.
 */
@NullMarked
package io.github.bootcluster.distribution;

import org.jspecify.annotations.NullMarked;
