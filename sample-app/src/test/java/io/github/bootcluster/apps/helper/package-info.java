/**
 * Application that starts programs of its own.
 */
@NullMarked
package io.github.bootcluster.apps.helper;

import org.jspecify.annotations.NullMarked;
