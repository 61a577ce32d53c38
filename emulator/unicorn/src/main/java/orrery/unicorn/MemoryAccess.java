package orrery.unicorn;

/** What a memory hook reports, {@code uc_mem_type} in unicorn.h. */
public enum MemoryAccess {
  /** A read of mapped memory. */
  READ,
  /** A write to mapped memory. */
  WRITE,
  /** A fetch from mapped memory. */
  FETCH,
  /** A read of unmapped memory. */
  READ_UNMAPPED,
  /** A write to unmapped memory. */
  WRITE_UNMAPPED,
  /** A fetch from unmapped memory. */
  FETCH_UNMAPPED,
  /** A write to memory without write permission. */
  WRITE_PROTECTED,
  /** A read of memory without read permission. */
  READ_PROTECTED,
  /** A fetch from memory without execute permission. */
  FETCH_PROTECTED,
  /** A read that has succeeded. */
  READ_AFTER;

  private static final int FIRST = 16; // UC_MEM_READ
  private static final MemoryAccess[] VALUES = values();

  static MemoryAccess of(int code) {
    return VALUES[code - FIRST];
  }
}
