/**
 * Messages between processes: what is under way, who listens, and how much may wait.
 */
@NullMarked
package io.github.bootcluster.messages;

import org.jspecify.annotations.NullMarked;
