package orrery.device.storage;

import java.lang.foreign.MemorySegment;

/** Zeros to write. */
final class Zeros {
  private static final int SIZE = 64 << 10;

  static final MemorySegment SEGMENT = MemorySegment.ofArray(new byte[SIZE]).asReadOnly();

  private Zeros() {}
}
