package orrery.machine.cpu;

import java.lang.foreign.MemorySegment;

/**
 * A piece of guest-physical memory that the engine shares with the host.
 *
 * @param base guest-physical address of the first byte, a multiple of 4 KiB
 * @param segment the memory; address and length are multiples of 4 KiB
 * @param writable false for ROM: a store is an external abort
 */
public record GuestMemory(long base, MemorySegment segment, boolean writable) {
  static final int ALIGNMENT = 4096;

  /** Checks alignment and that the memory does not wrap around. */
  public GuestMemory {
    long size = segment.byteSize();
    if (size == 0 || ((base | size | segment.address()) & ALIGNMENT - 1) != 0) {
      throw new IllegalArgumentException("guest memory must be made of whole 4 KiB pages");
    }
    if (base < 0 || base + size < base) {
      throw new IllegalArgumentException("guest memory wraps around");
    }
  }

  /** The guest-physical address after the last byte. */
  public long end() {
    return base + segment.byteSize();
  }
}
