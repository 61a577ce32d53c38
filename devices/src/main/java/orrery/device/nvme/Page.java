package orrery.device.nvme;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/** A data structure for the host under construction: little-endian, zero where nothing was put. */
final class Page {
  private final ByteBuffer bytes;

  Page(int size) {
    bytes = ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
  }

  Page put8(int at, int value) {
    bytes.put(at, (byte) value);
    return this;
  }

  Page put16(int at, int value) {
    bytes.putShort(at, (short) value);
    return this;
  }

  Page put32(int at, int value) {
    bytes.putInt(at, value);
    return this;
  }

  Page put64(int at, long value) {
    bytes.putLong(at, value);
    return this;
  }

  /** ASCII, filled up with spaces to {@code length}, cut there. */
  Page putText(int at, int length, String text) {
    byte[] ascii = text.getBytes(StandardCharsets.US_ASCII);
    for (int i = 0; i < length; i++) {
      bytes.put(at + i, i < ascii.length ? ascii[i] : (byte) ' ');
    }
    return this;
  }

  Page putBytes(int at, byte[] from) {
    bytes.put(at, from);
    return this;
  }

  byte[] bytes() {
    return bytes.array();
  }
}
