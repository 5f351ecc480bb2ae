/**
 * Actuator's view of the cluster, its operations, and who may ask for them.
 */
@NullMarked
package io.github.bootcluster.actuate;

import org.jspecify.annotations.NullMarked;
