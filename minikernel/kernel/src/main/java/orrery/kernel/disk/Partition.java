package orrery.kernel.disk;

/**
 * A partition as a table describes it.
 *
 * @param number from 1
 * @param first block
 * @param blocks how many, 1 or more
 * @param id its unique GUID as text
 * @param label its name
 */
public record Partition(int number, long first, long blocks, String id, String label) {}
