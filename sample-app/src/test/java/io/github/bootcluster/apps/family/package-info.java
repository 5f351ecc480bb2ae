/**
 * An application of several contexts, as those with Spring Cloud are.
 */
@NullMarked
package io.github.bootcluster.apps.family;

import org.jspecify.annotations.NullMarked;
