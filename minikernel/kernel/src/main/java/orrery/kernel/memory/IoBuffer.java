package orrery.kernel.memory;

import static orrery.kernel.memory.PageTable.PAGE;

import java.util.Arrays;
import orrery.kernel.abi.Errno;
import orrery.kernel.abi.ErrnoException;
import orrery.kernel.hw.PhysicalMemory;

/**
 * A cursor over the memory that a read or write is about: a range of user memory, several ({@code
 * struct iovec}), or kernel memory. {@code put} fills it (read(2)), {@code get} empties it
 * (write(2)).
 *
 * <p>A fault throws {@link ErrnoException} EFAULT; {@link #transferred} then tells how far it got.
 * One belongs to each thread and is set up anew for each call; nothing here allocates but the first
 * long vector.
 */
public final class IoBuffer {
  /** The most bytes that one call moves, as Linux's MAX_RW_COUNT. */
  public static final long MAX_LENGTH = Integer.MAX_VALUE & -PAGE;

  /** The most elements of a vector (UIO_MAXIOV). */
  public static final int MAX_VECTOR = 1024;

  private static final int IOVEC_SIZE = 16;
  private static final int IOVEC_LENGTH = 8;

  private long[] bases = new long[8];
  private long[] lengths = new long[8];
  private int count;
  private int current;

  /** Position in the current range. */
  private long at;

  private long remaining;
  private long transferred;

  /** Null for kernel memory. */
  private AddressSpace space;

  private PhysicalMemory memory;

  /** One range of user memory; throws EFAULT if no program can have these addresses. */
  public IoBuffer user(AddressSpace s, long va, long length) {
    if (!UserMemory.isUserRange(va, length)) {
      throw ErrnoException.of(Errno.EFAULT);
    }
    start(s, s.memory);
    add(va, Math.min(length, MAX_LENGTH));
    return this;
  }

  /**
   * The ranges that {@code struct iovec[]} at {@code vector} names; throws EINVAL for a negative
   * length or too many ranges, EFAULT.
   */
  public IoBuffer vector(AddressSpace s, long vector, long ranges) {
    if (ranges < 0 || ranges > MAX_VECTOR) {
      throw ErrnoException.of(Errno.EINVAL);
    }
    start(s, s.memory);
    long total = 0;
    for (int i = 0; i < ranges; i++) {
      long va = s.readLong(vector + (long) i * IOVEC_SIZE);
      long length = s.readLong(vector + (long) i * IOVEC_SIZE + IOVEC_LENGTH);
      if (length < 0) {
        throw ErrnoException.of(Errno.EINVAL);
      }
      if (!UserMemory.isUserRange(va, length)) {
        throw ErrnoException.of(Errno.EFAULT);
      }
      long n = Math.min(length, MAX_LENGTH - total);
      total += n;
      add(va, n);
    }
    return this;
  }

  /** Kernel memory. */
  public IoBuffer physical(PhysicalMemory m, long address, long length) {
    start(null, m);
    add(address, length);
    return this;
  }

  /** Bytes to go. */
  public long remaining() {
    return remaining;
  }

  /** Bytes done. */
  public long transferred() {
    return transferred;
  }

  /**
   * Whether every range begins at a multiple of one power of two and is as long as a multiple of
   * another.
   *
   * @param addressMask the first, less one
   * @param lengthMask the second, less one
   */
  public boolean isAligned(long addressMask, long lengthMask) {
    for (int i = 0; i < count; i++) {
      if ((bases[i] & addressMask | lengths[i] & lengthMask) != 0) {
        return false;
      }
    }
    return true;
  }

  /**
   * The physical address of the next byte, whose page is made present. It stays valid while the
   * frame is held.
   *
   * @param write whether the page is to be written
   */
  public long address(boolean write) {
    require(1);
    return target(write);
  }

  /** How many of the next bytes lie in the same range and page as the next one. */
  public int run() {
    require(1);
    return (int) Math.min(rangeLeft(), pageLeft(bases[current] + at));
  }

  /** Back to the beginning. */
  public void rewind() {
    remaining += transferred;
    transferred = 0;
    current = 0;
    at = 0;
  }

  /** Goes on by {@code n} bytes without touching them. */
  public void skip(long n) {
    require(n);
    long left = n;
    while (left > 0) {
      long step = Math.min(left, rangeLeft());
      advance(step);
      left -= step;
    }
  }

  /** Puts {@code length} bytes from physical memory into it. */
  public void put(long address, long length) {
    require(length);
    long done = 0;
    while (done < length) {
      long n = Math.min(length - done, rangeLeft());
      long to = target(true);
      n = Math.min(n, pageLeft(to));
      memory.copy(address + done, to, n);
      advance(n);
      done += n;
    }
  }

  /** Puts bytes of an array into it. */
  public void put(byte[] from, int offset, int length) {
    require(length);
    int done = 0;
    while (done < length) {
      long to = target(true);
      int n = (int) Math.min(Math.min(length - done, rangeLeft()), pageLeft(to));
      memory.copyIn(from, offset + done, to, n);
      advance(n);
      done += n;
    }
  }

  /** Puts one byte into it. */
  public void putByte(byte value) {
    require(1);
    memory.writeByte(target(true), value);
    advance(1);
  }

  /** Takes {@code length} bytes out of it into physical memory. */
  public void get(long address, long length) {
    require(length);
    long done = 0;
    while (done < length) {
      long from = target(false);
      long n = Math.min(Math.min(length - done, rangeLeft()), pageLeft(from));
      memory.copy(from, address + done, n);
      advance(n);
      done += n;
    }
  }

  /** Takes bytes out of it into an array. */
  public void get(byte[] to, int offset, int length) {
    require(length);
    int done = 0;
    while (done < length) {
      long from = target(false);
      int n = (int) Math.min(Math.min(length - done, rangeLeft()), pageLeft(from));
      memory.copyOut(from, to, offset + done, n);
      advance(n);
      done += n;
    }
  }

  /** Takes one byte out of it. */
  public byte getByte() {
    require(1);
    byte value = memory.readByte(target(false));
    advance(1);
    return value;
  }

  /** Fills the next {@code length} bytes with zeros. */
  public void putZeros(long length) {
    require(length);
    long done = 0;
    while (done < length) {
      long to = target(true);
      long n = Math.min(Math.min(length - done, rangeLeft()), pageLeft(to));
      memory.zero(to, n);
      advance(n);
      done += n;
    }
  }

  private void start(AddressSpace s, PhysicalMemory m) {
    space = s;
    memory = m;
    count = 0;
    current = 0;
    at = 0;
    remaining = 0;
    transferred = 0;
  }

  private void add(long base, long length) {
    if (length == 0) {
      return;
    }
    if (count == bases.length) {
      bases = Arrays.copyOf(bases, count * 2);
      lengths = Arrays.copyOf(lengths, count * 2);
    }
    bases[count] = base;
    lengths[count++] = length;
    remaining += length;
  }

  private long rangeLeft() {
    return lengths[current] - at;
  }

  private static long pageLeft(long address) {
    return PAGE - (address & PAGE - 1);
  }

  private long target(boolean write) {
    long address = bases[current] + at;
    return space == null ? address : space.physical(address, write);
  }

  private void advance(long n) {
    at += n;
    remaining -= n;
    transferred += n;
    if (at == lengths[current]) {
      current++;
      at = 0;
    }
  }

  private void require(long n) {
    if (n < 0 || n > remaining) {
      throw new IllegalArgumentException(n + " bytes of " + remaining);
    }
  }
}
