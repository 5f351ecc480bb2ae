/**
 * Small applications as their users write them, each in a package of its own, which the
 * integration tests run as processes.
 */
@NullMarked
package io.github.bootcluster.apps;

import org.jspecify.annotations.NullMarked;
