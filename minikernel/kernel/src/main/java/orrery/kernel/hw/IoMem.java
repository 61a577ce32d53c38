package orrery.kernel.hw;

import orrery.machine.bus.Bus;

/** A device's block of registers: the only way a driver reaches its device. */
public final class IoMem {
  private static final int WORD = 4;
  private static final long WORD_MASK = 0xffff_ffffL;

  private final Bus bus;
  private final long base;
  private final long size;

  /**
   * Registers at a physical address.
   *
   * @param size bytes
   */
  public IoMem(Bus bus, long base, long size) {
    this.bus = bus;
    this.base = base;
    this.size = size;
  }

  /** Reads the 32-bit register at {@code offset}. */
  public int read32(int offset) {
    return (int) bus.read(address(offset), WORD);
  }

  /** Writes the 32-bit register at {@code offset}. */
  public void write32(int offset, int value) {
    bus.write(address(offset), WORD, value & WORD_MASK);
  }

  private long address(int offset) {
    if (offset < 0 || offset > size - WORD) {
      throw new IndexOutOfBoundsException(
          "register 0x" + Integer.toHexString(offset) + " of a block of " + size + " bytes");
    }
    return base + offset;
  }
}
