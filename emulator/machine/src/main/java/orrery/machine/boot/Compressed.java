package orrery.machine.boot;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.zip.GZIPInputStream;

/** Unpacks gzip (RFC 1952) into memory, never more than allowed: a small file may unpack to all. */
final class Compressed {
  private static final int CHUNK = 64 << 10;
  private static final long FIRST_CAPACITY = 32 << 20;

  private Compressed() {}

  /** Whether it starts as gzip with deflate does. */
  static boolean isGzip(MemorySegment bytes) {
    return LittleEndian.startsWith(bytes, 0x1f, 0x8b, 0x08);
  }

  /**
   * Unpacks.
   *
   * @param limit the most bytes that the result may have
   * @throws KernelRejected if it is damaged, truncated or larger than that
   */
  static MemorySegment gunzip(MemorySegment packed, long limit, Arena arena) {
    MemorySegment room = arena.allocate(Math.min(FIRST_CAPACITY, limit));
    long size = 0;
    byte[] chunk = new byte[CHUNK];
    try (InputStream in = new GZIPInputStream(new SegmentInput(packed), CHUNK)) {
      int count;
      while ((count = in.read(chunk)) >= 0) {
        if (count > limit - size) {
          throw new KernelRejected(
              "unpacks to more than the "
                  + (limit >> 20)
                  + " MiB that the guest's memory has for it: give more with --memory");
        }
        if (count > room.byteSize() - size) {
          room = grown(room, size, limit, arena);
        }
        MemorySegment.copy(chunk, 0, room, ValueLayout.JAVA_BYTE, size, count);
        size += count;
      }
    } catch (EOFException e) {
      throw new KernelRejected("is truncated: its compressed data ends early; fetch it again");
    } catch (IOException e) {
      throw new KernelRejected("is damaged (" + e.getMessage() + "): fetch it again");
    }
    return room.asSlice(0, size);
  }

  private static MemorySegment grown(MemorySegment room, long size, long limit, Arena arena) {
    MemorySegment larger = arena.allocate(Math.min(limit, 2 * room.byteSize()));
    MemorySegment.copy(room, 0, larger, 0, size);
    return larger;
  }

  /** The bytes of a segment, in order. */
  private static final class SegmentInput extends InputStream {
    private final MemorySegment bytes;
    private long position;

    SegmentInput(MemorySegment bytes) {
      this.bytes = bytes;
    }

    @Override
    public int read() {
      return position == bytes.byteSize()
          ? -1
          : bytes.get(ValueLayout.JAVA_BYTE, position++) & 0xff;
    }

    @Override
    public int read(byte[] into, int offset, int length) {
      int count = Math.min(length, available());
      if (count == 0 && length > 0) {
        return -1;
      }
      MemorySegment.copy(bytes, ValueLayout.JAVA_BYTE, position, into, offset, count);
      position += count;
      return count;
    }

    @Override
    public int available() {
      return (int) Math.min(Integer.MAX_VALUE, bytes.byteSize() - position);
    }
  }
}
