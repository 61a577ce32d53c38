package orrery.machine.pci;

import static orrery.machine.pci.ConfigRegisters.*;

import orrery.machine.bus.MmioDevice;

/**
 * A base address register and what it decodes (PCI, section 6.2.5.1).
 *
 * @param index 0 to 5
 * @param kind which space it is in
 * @param size bytes, a power of two
 * @param registers what answers
 */
record Bar(int index, Kind kind, long size, MmioDevice registers) {
  /** The smallest ranges: what the flag bits leave. */
  private static final long MIN_MEMORY = 16;

  private static final long MIN_IO = 4;

  /** A function may ask for 256 bytes of I/O at most (PCI, section 6.2.5.1). */
  private static final long MAX_IO = 256;

  /** Kinds of base address registers. */
  enum Kind {
    IO(BAR_IO, 1),
    MEMORY_32(0, 1),
    MEMORY_64(BAR_64_BIT, 2),
    PREFETCHABLE_64(BAR_64_BIT | BAR_PREFETCHABLE, 2);

    /** The read-only low bits. */
    final int flags;

    /** How many registers it takes. */
    final int registers;

    Kind(int flags, int registers) {
      this.flags = flags;
      this.registers = registers;
    }
  }

  /** Checks index and size. */
  Bar {
    long least = kind == Kind.IO ? MIN_IO : MIN_MEMORY;
    long most =
        switch (kind) {
          case IO -> MAX_IO;
          case MEMORY_32 -> 1L << 31;
          default -> 1L << 62;
        };
    if (Long.bitCount(size) != 1 || size < least || size > most) {
      throw new IllegalArgumentException("a BAR cannot have " + size + " bytes");
    }
    if (index < 0 || index + kind.registers > BASE_ADDRESSES) {
      throw new IllegalArgumentException("no room for BAR " + index);
    }
  }

  /** Offset of its register. */
  int register() {
    return BASE_ADDRESS + index * Integer.BYTES;
  }

  /** Bytes of its register. */
  int registerWidth() {
    return kind.registers * Integer.BYTES;
  }

  boolean isIo() {
    return kind == Kind.IO;
  }

  /** The address that software gave it. */
  long address(ConfigSpace config) {
    long value = config.get(register(), registerWidth());
    return value & ~(isIo() ? BAR_IO_FLAGS : BAR_MEMORY_FLAGS);
  }
}
