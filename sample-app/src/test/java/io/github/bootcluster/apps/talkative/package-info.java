/**
 * Application that writes more than anybody reads.
 */
@NullMarked
package io.github.bootcluster.apps.talkative;

import org.jspecify.annotations.NullMarked;
