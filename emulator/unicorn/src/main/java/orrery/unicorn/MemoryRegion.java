package orrery.unicorn;

/**
 * A mapped range of guest memory, {@code uc_mem_region} in unicorn.h.
 *
 * @param begin first address
 * @param end last address, inclusive
 * @param permissions a mask of {@link Protection}
 */
public record MemoryRegion(long begin, long end, int permissions) {}
