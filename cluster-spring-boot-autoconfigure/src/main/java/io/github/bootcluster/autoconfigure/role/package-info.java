/**
 * The decision whether a process is master, worker or neither, and what follows from it
 * before there is a context.
 */
@NullMarked
package io.github.bootcluster.autoconfigure.role;

import org.jspecify.annotations.NullMarked;
