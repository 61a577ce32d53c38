package orrery.machine.fdt;

/** Big-endian words in arrays of bytes. */
final class BigEndian {
  private BigEndian() {}

  static int word(byte[] bytes, int at) {
    return bytes[at] << 24
        | (bytes[at + 1] & 0xff) << 16
        | (bytes[at + 2] & 0xff) << 8
        | bytes[at + 3] & 0xff;
  }
}
