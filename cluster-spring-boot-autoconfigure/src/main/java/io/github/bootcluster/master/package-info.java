/**
 * The master's role: it supervises the workers and hands connections to them.
 */
@NullMarked
package io.github.bootcluster.master;

import org.jspecify.annotations.NullMarked;
