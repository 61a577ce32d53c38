package orrery.device.nvme;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.UUID;

/** Identifiers that follow from a serial number, so that they are the same in every run. */
final class Names {
  private static final long LOCAL = 0x0200_0000_0000_0000L;
  private static final long LOCAL_MASK = 0x00ff_ffff_ffff_ffffL;

  private Names() {}

  static UUID uuid(String serial, int namespace) {
    byte[] name = ("orrery-nvme:" + serial + ":" + namespace).getBytes(StandardCharsets.UTF_8);
    return UUID.nameUUIDFromBytes(name);
  }

  /** A namespace's UUID as bytes in the order of its text. */
  static byte[] uuidBytes(String serial, int namespace) {
    UUID uuid = uuid(serial, namespace);
    return ByteBuffer.allocate(16)
        .putLong(uuid.getMostSignificantBits())
        .putLong(uuid.getLeastSignificantBits())
        .array();
  }

  /** An EUI-64 with a locally administered organisation. */
  static byte[] eui64(String serial, int namespace) {
    long bits = uuid(serial, namespace).getLeastSignificantBits();
    return ByteBuffer.allocate(8).putLong(bits & LOCAL_MASK | LOCAL).array();
  }
}
