/**
 * API that an application injects, implements or listens to.
 */
@NullMarked
package io.github.bootcluster;

import org.jspecify.annotations.NullMarked;
