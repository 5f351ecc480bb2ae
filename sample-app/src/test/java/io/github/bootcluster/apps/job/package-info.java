/**
 * A job of Spring Batch.
 */
@NullMarked
package io.github.bootcluster.apps.job;

import org.jspecify.annotations.NullMarked;
