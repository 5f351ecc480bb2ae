/**
 * Snippets of the guide for whoever comes from Node, as an application.
 */
@NullMarked
package io.github.bootcluster.guide;

import org.jspecify.annotations.NullMarked;
