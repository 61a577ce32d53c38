package orrery.kernel.exec;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/** Makes small ELF files: text, and data with a tail of zeros. */
final class ElfBuilder {
  static final int TEXT_OFFSET = 0x1000;
  static final int DATA_OFFSET = 0x2100;
  static final int DATA_SIZE = 0x234;
  static final int BSS_SIZE = 0x3000;
  static final long FIXED_BASE = 0x40_0000;

  private boolean relocatable;
  private String interpreter;
  private int stackFlags = 6;
  private int alignment = 0x1000;

  ElfBuilder relocatable() {
    relocatable = true;
    return this;
  }

  ElfBuilder interpreter(String path) {
    interpreter = path;
    return this;
  }

  ElfBuilder stackFlags(int flags) {
    stackFlags = flags;
    return this;
  }

  ElfBuilder alignment(int a) {
    alignment = a;
    return this;
  }

  byte[] build() {
    long base = relocatable ? 0 : FIXED_BASE;
    ByteBuffer b = ByteBuffer.allocate(DATA_OFFSET + DATA_SIZE).order(ByteOrder.LITTLE_ENDIAN);
    int segments = interpreter == null ? 3 : 4;
    b.put(new byte[] {0x7f, 'E', 'L', 'F', 2, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0});
    b.putShort((short) (relocatable ? 3 : 2)).putShort((short) 183).putInt(1);
    b.putLong(base + TEXT_OFFSET + 0x40).putLong(64).putLong(0).putInt(0);
    b.putShort((short) 64).putShort((short) 56).putShort((short) segments);
    b.position(64);
    if (interpreter != null) {
      segment(b, 3, 4, 0x800, base + 0x800, interpreter.length() + 1, interpreter.length() + 1, 1);
    }
    segment(b, 1, 5, 0, base, TEXT_OFFSET + 0x200, TEXT_OFFSET + 0x200, alignment);
    long data = base + 0x1_0000 + DATA_OFFSET;
    segment(b, 1, 6, DATA_OFFSET, data, DATA_SIZE, DATA_SIZE + BSS_SIZE, alignment);
    segment(b, 0x6474_e551, stackFlags, 0, 0, 0, 0, 16);
    if (interpreter != null) {
      b.position(0x800);
      b.put(interpreter.getBytes(StandardCharsets.ISO_8859_1));
    }
    for (int i = TEXT_OFFSET; i < TEXT_OFFSET + 0x200; i += 4) {
      b.putInt(i, 0xd503_201f);
    }
    for (int i = 0; i < DATA_SIZE; i++) {
      b.put(DATA_OFFSET + i, (byte) 0x77);
    }
    return b.array();
  }

  private static void segment(
      ByteBuffer b, int type, int flags, long offset, long va, long file, long memory, long align) {
    b.putInt(type).putInt(flags).putLong(offset).putLong(va).putLong(va);
    b.putLong(file).putLong(memory).putLong(align);
  }
}
