package io.github.bootcluster;

/**
 * What came of the wish for another number of workers.
 *
 * @param workers the wanted number from now on
 * @param previous the wanted number until then
 */
public record ScaleOutcome(int workers, int previous) {

}
