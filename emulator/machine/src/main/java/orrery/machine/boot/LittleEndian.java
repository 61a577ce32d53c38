package orrery.machine.boot;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_SHORT_UNALIGNED;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/** Reads little-endian fields of any alignment out of files; offsets are in bytes. */
final class LittleEndian {
  private static final ValueLayout.OfShort SHORT =
      JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfInt INT =
      JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfLong LONG =
      JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  private LittleEndian() {}

  static int u8(MemorySegment from, long at) {
    return from.get(JAVA_BYTE, at) & 0xff;
  }

  static int u16(MemorySegment from, long at) {
    return from.get(SHORT, at) & 0xffff;
  }

  static int i32(MemorySegment from, long at) {
    return from.get(INT, at);
  }

  static long u32(MemorySegment from, long at) {
    return Integer.toUnsignedLong(from.get(INT, at));
  }

  static long i64(MemorySegment from, long at) {
    return from.get(LONG, at);
  }

  /** Whether {@code length} bytes at {@code at}, both unsigned, are inside. */
  static boolean contains(MemorySegment bytes, long at, long length) {
    return at >= 0 && length >= 0 && at <= bytes.byteSize() && length <= bytes.byteSize() - at;
  }

  static boolean startsWith(MemorySegment bytes, int... octets) {
    return hasAt(bytes, 0, octets);
  }

  static boolean hasAt(MemorySegment bytes, long at, int... octets) {
    if (!contains(bytes, at, octets.length)) {
      return false;
    }
    for (int i = 0; i < octets.length; i++) {
      if (u8(bytes, at + i) != octets[i]) {
        return false;
      }
    }
    return true;
  }

  static boolean hasAt(MemorySegment bytes, long at, String text) {
    return hasAt(bytes, at, text.chars().toArray());
  }
}
