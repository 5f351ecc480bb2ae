/**
 * Application that Spring Security guards, as the README tells.
 */
@NullMarked
package io.github.bootcluster.apps.secured;

import org.jspecify.annotations.NullMarked;
