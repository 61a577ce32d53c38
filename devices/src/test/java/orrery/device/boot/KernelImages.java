package orrery.device.boot;

import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import orrery.machine.Ram;

/** Small arm64 kernel images: a header, then code. */
final class KernelImages {
  /** Where the code starts; the header's first instruction jumps there. */
  static final int CODE_OFFSET = 0x400;

  private static final int BRANCH = 0x14000000;

  private KernelImages() {}

  static byte[] image(long textOffset, long memorySize, int... code) {
    ByteBuffer image =
        ByteBuffer.allocate(CODE_OFFSET + code.length * Integer.BYTES)
            .order(ByteOrder.LITTLE_ENDIAN);
    image.putInt(0, BRANCH | CODE_OFFSET / Integer.BYTES);
    image.putLong(8, textOffset).putLong(16, memorySize);
    image.put(56, new byte[] {'A', 'R', 'M', 0x64});
    for (int i = 0; i < code.length; i++) {
      image.putInt(CODE_OFFSET + i * Integer.BYTES, code[i]);
    }
    return image.array();
  }

  static long word(Ram ram, long offset) {
    return ram.segment().get(JAVA_LONG_UNALIGNED, offset);
  }
}
