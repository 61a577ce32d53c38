package orrery.machine.pci;

/**
 * The device behind a vendor-specific capability whose registers do something. Offsets count from
 * the capability's first byte.
 */
public interface VendorCapability {
  /**
   * Software is about to read {@code width} bytes at {@code offset}: put there what it is to see.
   */
  void reading(Registers registers, int offset, int width);

  /** Software has written {@code width} bytes at {@code offset}; writable bits have changed. */
  void written(Registers registers, int offset, int width);

  /** The capability's bytes. */
  interface Registers {
    /** Reads a little-endian number of 1, 2 or 4 bytes. */
    int get(int offset, int width);

    /** Sets 1, 2 or 4 bytes, whether software may write them or not. */
    void set(int offset, int width, int value);
  }
}
