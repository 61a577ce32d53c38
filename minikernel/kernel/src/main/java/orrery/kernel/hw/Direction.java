package orrery.kernel.hw;

/** Which way data goes between memory and a device. */
public enum Direction {
  /** The device reads. */
  TO_DEVICE(true, false),
  /** The device writes. */
  FROM_DEVICE(false, true),
  /** The device reads and writes. */
  BOTH(true, true);

  /** Whether the device reads. */
  final boolean read;

  /** Whether the device writes. */
  final boolean write;

  Direction(boolean read, boolean write) {
    this.read = read;
    this.write = write;
  }
}
