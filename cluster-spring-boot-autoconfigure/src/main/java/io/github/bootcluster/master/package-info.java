/**
 * The master put together. Internal: its public types are for other packages of this
 * project.
 */
@NullMarked
package io.github.bootcluster.master;

import org.jspecify.annotations.NullMarked;
