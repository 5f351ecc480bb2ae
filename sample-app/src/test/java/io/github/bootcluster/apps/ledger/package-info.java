/**
 * An application with a file for each slot that only one process can have open, and which
 * tells how available it is.
 */
@NullMarked
package io.github.bootcluster.apps.ledger;

import org.jspecify.annotations.NullMarked;
