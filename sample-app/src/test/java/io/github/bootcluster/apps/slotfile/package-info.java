/**
 * Application that locks a file of its worker's slot, as embedded databases do.
 */
@NullMarked
package io.github.bootcluster.apps.slotfile;

import org.jspecify.annotations.NullMarked;
