package orrery.kernel.fs.initramfs;

import orrery.kernel.fs.tmpfs.TmpfsFile;

/** Where an archive is read from, front to back. */
abstract class ArchiveInput {
  /** Bytes that were passed so far. */
  abstract long position();

  /**
   * Makes the next {@code n} bytes (at most {@link #WINDOW}) readable by {@link #word} and {@link
   * #text}.
   *
   * @return how many of them there are
   */
  abstract int look(int n) throws InitramfsException;

  /** The most that can be looked at: a header, or a name with its padding. */
  static final int WINDOW = 64 << 10;

  /** Eight bytes as a little-endian number, {@code offset} bytes on; they were looked at. */
  abstract long word(int offset);

  /** One byte, {@code offset} bytes on; it was looked at. */
  abstract int octet(int offset);

  /** The next {@code length} bytes as text up to the first NUL; they were looked at. */
  abstract String text(int length);

  /** Passes {@code n} bytes that were looked at. */
  abstract void pass(long n);

  /**
   * Gives the next {@code size} bytes to {@code file}, which is empty, and passes them.
   *
   * @return how many of them there were
   */
  abstract long unpack(TmpfsFile file, long size) throws InitramfsException;
}
