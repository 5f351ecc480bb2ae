/**
 * Failure analyzers of what a user can get wrong.
 */
@NullMarked
package io.github.bootcluster.autoconfigure.diagnostics;

import org.jspecify.annotations.NullMarked;
