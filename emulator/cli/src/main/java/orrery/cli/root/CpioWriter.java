package orrery.cli.root;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.channels.FileChannel;
import java.nio.file.StandardOpenOption;
import orrery.machine.MachineException;

/**
 * Writes a cpio archive in the "new ASCII" format (see the kernel's
 * Documentation/driver-api/early-userspace/buffer-format.rst) into zero-filled memory.
 *
 * <p>The content of a file of at least a page starts at a page of the memory, so that a kernel can
 * adopt the pages where they are; the gap is filled by zeros after the file's name, as {@code
 * gen_init_cpio -a} does. Everything belongs to user and group 0.
 *
 * <p>Used by one thread; the memory stays the caller's.
 */
final class CpioWriter {
  /** Alignment of the content of larger files, in bytes. */
  static final int PAGE = 4096;

  /** Bytes of an entry's header before its name: the magic and 13 numbers of 8 digits. */
  static final int HEADER = 110;

  /** Largest content of one file, in bytes: its size has eight hexadecimal digits. */
  static final long MAX_FILE = 0xffff_ffffL;

  /** The longest name, in bytes with its terminating zero and padding: Linux's PATH_MAX. */
  private static final int MAX_NAME = 4096;

  private static final byte[] MAGIC = {'0', '7', '0', '7', '0', '1'};
  private static final byte[] TRAILER = {'T', 'R', 'A', 'I', 'L', 'E', 'R', '!', '!', '!'};
  private static final int NUMBER_DIGITS = 8;
  private static final int WORD = 4;
  private static final int CHUNK = 1 << 30;
  private static final int MINOR_BITS = 8;

  private final MemorySegment memory;
  private long position;

  /**
   * Writes to {@code memory} from {@code start} on.
   *
   * @param start multiple of 4, bytes
   */
  CpioWriter(MemorySegment memory, long start) {
    this.memory = memory;
    this.position = start;
  }

  /** Bytes written so far, counted from the start of the memory. */
  long position() {
    return position;
  }

  /** The bytes that the archive's end needs. */
  static long trailerLength() {
    return align(HEADER + TRAILER.length + 1, WORD);
  }

  /** An upper bound of the bytes that an entry needs. */
  static long bound(Entry entry) {
    long gap = entry.size() >= PAGE ? PAGE : 0;
    return align(HEADER + entry.name().length + 1, WORD) + gap + align(entry.size(), WORD);
  }

  /**
   * Writes an entry with its content.
   *
   * @param inode its inode number; names with the same number and more than one link are one file
   * @param links how many names of it the archive has
   * @param withContent false for all names of a file but the last
   * @throws IOException if the host's file cannot be read
   * @throws MachineException if the memory is full or the file too large for the format
   */
  void write(Entry entry, int inode, int links, boolean withContent) throws IOException {
    long size = withContent ? entry.size() : 0;
    if (size > MAX_FILE) {
      throw new MachineException(
          entry.path() + " is larger than 4 GiB, more than a root can have in one file");
    }
    if (entry.name().length >= MAX_NAME) {
      throw new MachineException("the name is too long: " + entry.path());
    }
    int nameSize = nameSize(entry.name().length + 1, size);
    require(HEADER + nameSize + align(size, WORD) + WORD);
    header(entry, inode, links, size, nameSize);
    if (size > 0) {
      if (entry.target() != null) {
        put(entry.target());
      } else {
        content(entry, size);
      }
      position = align(position, WORD);
    }
  }

  /** Ends the archive. */
  void end() {
    require(trailerLength());
    header(new Entry(TRAILER, 0, 0, 0, 0, null, null, null), 0, 1, 0, TRAILER.length + 1);
  }

  /** The name's size with its zero and, for large content, the padding that aligns the content. */
  private int nameSize(int plain, long size) {
    if (size < PAGE) {
      return plain;
    }
    long content = align(position + HEADER + plain, PAGE);
    long padded = content - position - HEADER;
    // Beyond PATH_MAX readers reject the name; such a rare file stays unaligned.
    return padded <= MAX_NAME ? (int) padded : plain;
  }

  private void header(Entry entry, int inode, int links, long size, int nameSize) {
    put(MAGIC);
    number(inode);
    number(entry.mode());
    number(0); // user
    number(0); // group
    number(links);
    number(entry.modified());
    number(size);
    number(0); // the archive's own device
    number(0);
    number(entry.device() >>> MINOR_BITS);
    number(entry.device() & (1 << MINOR_BITS) - 1);
    number(nameSize);
    number(0); // check sum, unused in this format
    put(entry.name());
    position = align(position + nameSize - entry.name().length, WORD);
  }

  private void number(long value) {
    for (int shift = (NUMBER_DIGITS - 1) * 4; shift >= 0; shift -= 4) {
      int digit = (int) (value >>> shift) & 0xf;
      memory.set(
          ValueLayout.JAVA_BYTE, position++, (byte) (digit < 10 ? '0' + digit : 'a' + digit - 10));
    }
  }

  private void put(byte[] bytes) {
    MemorySegment.copy(bytes, 0, memory, ValueLayout.JAVA_BYTE, position, bytes.length);
    position += bytes.length;
  }

  /** A file that has become shorter than its size is filled up with zeros; a longer one is cut. */
  private void content(Entry entry, long size) throws IOException {
    try (FileChannel file = FileChannel.open(entry.source(), StandardOpenOption.READ)) {
      long end = position + size;
      while (position < end) {
        int wanted = (int) Math.min(CHUNK, end - position);
        int got = file.read(memory.asSlice(position, wanted).asByteBuffer());
        if (got < 0) {
          position = end;
        } else {
          position += got;
        }
      }
    }
  }

  private void require(long bytes) {
    if (bytes > memory.byteSize() - position) {
      throw new MachineException("the root does not fit into the guest's memory: choose more");
    }
  }

  private static long align(long value, int alignment) {
    return value + alignment - 1 & -alignment;
  }
}
