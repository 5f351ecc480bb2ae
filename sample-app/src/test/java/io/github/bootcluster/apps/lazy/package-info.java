/**
 * An application with lazy initialization and a bean named {@code cluster}.
 */
@NullMarked
package io.github.bootcluster.apps.lazy;

import org.jspecify.annotations.NullMarked;
