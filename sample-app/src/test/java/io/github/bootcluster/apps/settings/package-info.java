/**
 * Application that shows which settings its worker runs with, and takes its time to stop.
 */
@NullMarked
package io.github.bootcluster.apps.settings;

import org.jspecify.annotations.NullMarked;
