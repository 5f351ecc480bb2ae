/**
 * Starting and ending one JVM: command line, launcher, process handle, output pump.
 */
@NullMarked
package io.github.bootcluster.process;

import org.jspecify.annotations.NullMarked;
