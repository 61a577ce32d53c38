package orrery.machine.boot;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;

/**
 * An EFI zboot image: an EFI program around a compressed kernel (Linux's
 * drivers/firmware/efi/libstub/zboot-header.S).
 */
final class Zboot {
  private static final int TYPE = 4;
  private static final int PAYLOAD_OFFSET = 8;
  private static final int PAYLOAD_SIZE = 12;
  private static final int COMPRESSION = 24;
  private static final int COMPRESSION_LENGTH = 32;
  private static final int HEADER_SIZE = 64;

  private Zboot() {}

  static boolean isAt(MemorySegment bytes) {
    return bytes.byteSize() >= HEADER_SIZE
        && LittleEndian.hasAt(bytes, 0, "MZ")
        && LittleEndian.hasAt(bytes, TYPE, "zimg");
  }

  /**
   * The gzip data inside.
   *
   * @throws KernelRejected if it is cut off or compressed in another way
   */
  static MemorySegment payload(MemorySegment file) {
    String compression = compression(file);
    if (!compression.equals("gzip")) {
      throw new KernelRejected(
          "is an EFI zboot image compressed by "
              + compression
              + ": bring its Image uncompressed or gzip-compressed");
    }
    long offset = LittleEndian.u32(file, PAYLOAD_OFFSET);
    long size = LittleEndian.u32(file, PAYLOAD_SIZE);
    if (!LittleEndian.contains(file, offset, size)) {
      throw new KernelRejected("is truncated: its compressed data ends early; fetch it again");
    }
    return file.asSlice(offset, size);
  }

  private static String compression(MemorySegment file) {
    byte[] name = file.asSlice(COMPRESSION, COMPRESSION_LENGTH).toArray(ValueLayout.JAVA_BYTE);
    int length = 0;
    while (length < name.length && name[length] > ' ' && name[length] <= '~') {
      length++;
    }
    return length == 0 ? "nothing known" : new String(name, 0, length, StandardCharsets.US_ASCII);
  }
}
