/**
 * Messages between the processes of a cluster, as applications send and handle them.
 */
@NullMarked
package io.github.bootcluster.message;

import org.jspecify.annotations.NullMarked;
