/**
 * Ends of the messages in the processes, and their routing in the master. Internal: its
 * public types are for other packages of this project.
 */
@NullMarked
package io.github.bootcluster.message.support;

import org.jspecify.annotations.NullMarked;
