package io.github.bootcluster.worker;

/**
 * Meters of one worker, or of those of a slot that have gone.
 *
 * @param group the group
 * @param slot the slot
 * @param worker the worker's id, 0 for one that has gone
 * @param sequence of one that has gone its place among those of the slot, else 0
 * @param current whether the worker has told them just now, not some time before
 * @param data what the worker has told, empty if that was nothing yet
 */
public record CollectedMeters(String group, int slot, int worker, long sequence, boolean current, String data) {

}
