/**
 * Properties, the decision on a process' role, and auto-configuration.
 */
@NullMarked
package io.github.bootcluster.autoconfigure;

import org.jspecify.annotations.NullMarked;
