/**
 * Application with a second server on a port of its own.
 */
@NullMarked
package io.github.bootcluster.apps.grpc;

import org.jspecify.annotations.NullMarked;
