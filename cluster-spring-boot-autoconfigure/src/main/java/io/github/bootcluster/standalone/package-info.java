/**
 * What the beans do in a process without a cluster. Internal: its public types are for
 * other packages of this project.
 */
@NullMarked
package io.github.bootcluster.standalone;

import org.jspecify.annotations.NullMarked;
