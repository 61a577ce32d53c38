package orrery.kernel.fs.initramfs;

import java.util.zip.DataFormatException;
import java.util.zip.Inflater;
import orrery.kernel.fs.tmpfs.TmpfsFile;
import orrery.kernel.hw.PhysicalMemory;

/** One gzip member (RFC 1952) in memory, unpacked as it is read. */
final class GzipInput extends ArchiveInput implements AutoCloseable {
  private static final int HEADER = 10;
  private static final int FLAGS = 3;
  private static final int FLAG_CRC = 2;
  private static final int FLAG_EXTRA = 4;
  private static final int FLAG_NAME = 8;
  private static final int FLAG_COMMENT = 16;
  private static final int TRAILER = 8;
  private static final int CHUNK = 64 << 10;

  private final MemoryInput compressed;
  private final PhysicalMemory memory;
  private final Inflater inflater = new Inflater(true);
  private final byte[] chunk = new byte[CHUNK];

  /** Unpacked bytes from {@link #first} up to {@link #last} are next. */
  private final byte[] window = new byte[2 * WINDOW];

  private int first;
  private int last;
  private long passed;

  /** Starts at the gzip header that {@code compressed} is at. */
  GzipInput(MemoryInput compressed, PhysicalMemory memory) throws InitramfsException {
    this.compressed = compressed;
    this.memory = memory;
    passHeader();
  }

  private void passHeader() throws InitramfsException {
    require(HEADER);
    int flags = compressed.octet(FLAGS);
    compressed.pass(HEADER);
    if ((flags & FLAG_EXTRA) != 0) {
      require(2);
      int length = compressed.octet(0) | compressed.octet(1) << 8;
      compressed.pass(2);
      require(length);
      compressed.pass(length);
    }
    if ((flags & FLAG_NAME) != 0) {
      passText();
    }
    if ((flags & FLAG_COMMENT) != 0) {
      passText();
    }
    if ((flags & FLAG_CRC) != 0) {
      require(2);
      compressed.pass(2);
    }
  }

  private void passText() throws InitramfsException {
    int octet;
    do {
      require(1);
      octet = compressed.octet(0);
      compressed.pass(1);
    } while (octet != 0);
  }

  private void require(int n) throws InitramfsException {
    if (compressed.look(n) < n) {
      throw new InitramfsException("the initial root's gzip header is cut off");
    }
  }

  @Override
  long position() {
    return passed;
  }

  @Override
  int look(int n) throws InitramfsException {
    if (last - first < n) {
      System.arraycopy(window, first, window, 0, last - first);
      last -= first;
      first = 0;
      while (last < n && inflate()) {
        // until there is enough
      }
    }
    return Math.min(n, last - first);
  }

  private boolean inflate() throws InitramfsException {
    try {
      while (!inflater.finished()) {
        int n = inflater.inflate(window, last, window.length - last);
        if (n > 0) {
          last += n;
          return true;
        }
        if (inflater.needsDictionary()) {
          throw new InitramfsException("the initial root's gzip data needs a dictionary");
        }
        if (inflater.needsInput() && !feed()) {
          throw new InitramfsException(
              "the initial root's gzip data is cut off after " + compressed.position() + " bytes");
        }
      }
      return false;
    } catch (DataFormatException e) {
      throw new InitramfsException("the initial root's gzip data is damaged: " + e.getMessage());
    }
  }

  private boolean feed() {
    int n = compressed.look(CHUNK);
    memory.copyOut(compressed.address(), chunk, 0, n);
    compressed.pass(n);
    inflater.setInput(chunk, 0, n);
    return n > 0;
  }

  /** The archives are read: leaves {@link MemoryInput} behind the gzip member. */
  void finish() throws InitramfsException {
    first = last;
    while (inflate()) {
      passed += last - first;
      first = 0;
      last = 0;
    }
    compressed.pass(-inflater.getRemaining());
    compressed.pass(Math.min(TRAILER, compressed.remaining()));
  }

  @Override
  public void close() {
    inflater.end();
  }

  @Override
  byte[] window() {
    return window;
  }

  @Override
  int windowOffset() {
    return first;
  }

  @Override
  void pass(long n) {
    first += (int) n;
    passed += n;
  }

  @Override
  long unpack(TmpfsFile file, long size) throws InitramfsException {
    long done = 0;
    while (done < size) {
      int n = look((int) Math.min(WINDOW, size - done));
      if (n == 0) {
        break;
      }
      file.append(window, first, n, done);
      pass(n);
      done += n;
    }
    return done;
  }
}
