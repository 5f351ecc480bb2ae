/**
 * Files and folders that are handled with care: made for their owner alone, deleted
 * without leaving the folder, and trusted only where no other account can change them.
 */
@NullMarked
package io.github.bootcluster.file;

import org.jspecify.annotations.NullMarked;
