package orrery.kernel.fs.initramfs;

import java.nio.charset.StandardCharsets;
import orrery.kernel.fs.tmpfs.TmpfsFile;

/** Where an archive is read from, front to back. */
abstract class ArchiveInput {
  /** The most that can be looked at: a header, or a name with its padding. */
  static final int WINDOW = 64 << 10;

  /** Bytes that were passed so far. */
  abstract long position();

  /**
   * Makes the next {@code n} bytes (at most {@link #WINDOW}) readable by {@link #octet}, {@link
   * #number} and {@link #text}.
   *
   * @return how many of them there are
   */
  abstract int look(int n) throws InitramfsException;

  /** Holds the bytes that were looked at. */
  abstract byte[] window();

  /** Where in {@link #window} the next byte is. */
  abstract int windowOffset();

  /** One byte, {@code offset} bytes on; it was looked at. */
  final int octet(int offset) {
    return window()[windowOffset() + offset] & 0xff;
  }

  /**
   * Eight hexadecimal digits, {@code offset} bytes on; -1 if they are none. They were looked at.
   */
  final long number(int offset) {
    byte[] bytes = window();
    int at = windowOffset() + offset;
    long n = 0;
    for (int end = at + 2 * Integer.BYTES; at < end; at++) {
      int c = bytes[at];
      int digit = c <= '9' ? c - '0' : (c | 0x20) - 'a' + 10;
      if (digit < 0 || digit > 15 || c > '9' && digit < 10) {
        return -1;
      }
      n = n << 4 | digit;
    }
    return n;
  }

  /** The next {@code length} bytes as text up to the first NUL; they were looked at. */
  final String text(int length) {
    byte[] bytes = window();
    int from = windowOffset();
    int to = from;
    while (to < from + length && bytes[to] != 0) {
      to++;
    }
    return new String(bytes, from, to - from, StandardCharsets.ISO_8859_1);
  }

  /** Passes {@code n} bytes. */
  abstract void pass(long n);

  /**
   * Gives the next {@code size} bytes to {@code file}, which is empty, and passes them.
   *
   * @return how many of them there were
   */
  abstract long unpack(TmpfsFile file, long size) throws InitramfsException;
}
