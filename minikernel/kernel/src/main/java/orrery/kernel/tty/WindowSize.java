package orrery.kernel.tty;

import orrery.kernel.memory.AddressSpace;

/** A window's size: {@code struct winsize}, four 16-bit numbers. */
final class WindowSize {
  int rows;
  int columns;
  int width;
  int height;

  /** Sets all four; false if they are what they were. */
  boolean set(int newRows, int newColumns, int newWidth, int newHeight) {
    if (rows == newRows && columns == newColumns && width == newWidth && height == newHeight) {
      return false;
    }
    rows = newRows;
    columns = newColumns;
    width = newWidth;
    height = newHeight;
    return true;
  }

  boolean read(AddressSpace memory, long address) {
    long packed = memory.readLong(address);
    return set(
        (int) packed & 0xffff,
        (int) (packed >>> 16) & 0xffff,
        (int) (packed >>> 32) & 0xffff,
        (int) (packed >>> 48));
  }

  void write(AddressSpace memory, long address) {
    memory.writeLong(
        address, (long) height << 48 | (long) width << 32 | (long) columns << 16 | rows);
  }
}
