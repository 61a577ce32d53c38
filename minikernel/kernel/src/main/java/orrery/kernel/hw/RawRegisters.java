package orrery.kernel.hw;

import orrery.machine.bus.Bus;

/**
 * A block of registers by number, for the kernel's own first drivers (interrupt controller,
 * console) and the PCI core. Drivers get {@link IoMem}.
 */
public final class RawRegisters {
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
  public RawRegisters(Bus bus, long base, long size) {
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

  /** Reads a register of 1, 2, 4 or 8 bytes. */
  public long read(int offset, int width) {
    check(offset, width);
    return bus.read(base + offset, width);
  }

  /** Writes a register of 1, 2, 4 or 8 bytes. */
  public void write(int offset, int width, long value) {
    check(offset, width);
    bus.write(base + offset, width, value);
  }

  private void check(int offset, int width) {
    if (offset < 0 || offset > size - width) {
      throw new IndexOutOfBoundsException(
          "register 0x" + Integer.toHexString(offset) + " of a block of " + size + " bytes");
    }
  }

  private long address(int offset) {
    check(offset, WORD);
    return base + offset;
  }
}
