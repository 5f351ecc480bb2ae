package io.github.bootcluster;

import java.time.Instant;

/**
 * What the workers of a generation run, if that is a copy of a JAR.
 *
 * @param number the generation's number
 * @param path the real path of the JAR that was copied, without symbolic links
 * @param size the size of the JAR in bytes
 * @param modified when the JAR had been written to last
 */
public record GenerationStatus(int number, String path, long size, Instant modified) {

}
