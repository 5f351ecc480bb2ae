/**
 * What a user configures: binding, checks, and the settings that the rooms of the master
 * get.
 */
@NullMarked
package io.github.bootcluster.autoconfigure.properties;

import org.jspecify.annotations.NullMarked;
