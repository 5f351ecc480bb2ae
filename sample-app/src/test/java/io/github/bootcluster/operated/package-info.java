/**
 * An application that operates its own cluster.
 */
@NullMarked
package io.github.bootcluster.operated;

import org.jspecify.annotations.NullMarked;
