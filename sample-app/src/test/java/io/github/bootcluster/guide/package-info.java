/**
 * Snippets of the guide for users of Node, as an application.
 */
@NullMarked
package io.github.bootcluster.guide;

import org.jspecify.annotations.NullMarked;
