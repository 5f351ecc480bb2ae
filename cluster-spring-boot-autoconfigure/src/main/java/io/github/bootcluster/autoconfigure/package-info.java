/**
 * Auto-configuration of master and worker.
 */
@NullMarked
package io.github.bootcluster.autoconfigure;

import org.jspecify.annotations.NullMarked;
