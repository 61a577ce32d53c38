package orrery.machine.pci;

/**
 * A function's configuration space: 4096 bytes, each bit read-only, writable, or cleared by writing
 * a one. Its bytes are the function's state; what is writable never changes.
 */
final class ConfigSpace {
  /** Size in bytes (PCIe, section 7.2). */
  static final int SIZE = 4096;

  private static final int BYTE_MASK = 0xff;

  private final byte[] bytes;
  private final byte[] initial;
  private final byte[] writable;
  private final byte[] clearable;

  /** A configuration space in reset; the arrays, of {@link #SIZE} bytes each, become its own. */
  ConfigSpace(byte[] initial, byte[] writable, byte[] clearable) {
    this.bytes = initial.clone();
    this.initial = initial;
    this.writable = writable;
    this.clearable = clearable;
  }

  /** Puts every register to its value in reset. */
  void reset() {
    System.arraycopy(initial, 0, bytes, 0, SIZE);
  }

  /** Reads 1, 2, 4 or 8 bytes at any offset inside. */
  long get(int at, int width) {
    long value = 0;
    for (int i = 0; i < width; i++) {
      value |= (long) (bytes[at + i] & BYTE_MASK) << i * Byte.SIZE;
    }
    return value;
  }

  /** Writes as software does: only writable bits change. */
  void write(int at, int width, long value) {
    for (int i = 0; i < width; i++) {
      int written = (int) (value >>> i * Byte.SIZE);
      int mask = writable[at + i];
      int old = bytes[at + i];
      bytes[at + i] = (byte) ((old & ~mask | written & mask) & ~(written & clearable[at + i]));
    }
  }

  /** Sets bytes as the hardware does. */
  void set(int at, int width, long value) {
    for (int i = 0; i < width; i++) {
      bytes[at + i] = (byte) (value >>> i * Byte.SIZE);
    }
  }

  int word(int at) {
    return (int) get(at, Short.BYTES);
  }

  int doubleWord(int at) {
    return (int) get(at, Integer.BYTES);
  }
}
