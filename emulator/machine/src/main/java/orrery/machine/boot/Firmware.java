package orrery.machine.boot;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import orrery.machine.MachineException;

/**
 * The boot firmware that is packed with the machine (built from the folder {@code firmware}), or a
 * copy of it in the file that the system property {@value #COPY} names: to open a jar for it takes
 * longer.
 */
public final class Firmware {
  private static final String COPY = "orrery.firmware";
  private static final String RESOURCE = "orrery-firmware.bin";

  private static byte[] image;

  private Firmware() {}

  /** Its image, to lie at the reset vector. */
  public static byte[] image() {
    return read().clone();
  }

  /** Reads the image ahead of its use, on a thread that has nothing else to do. */
  public static void prepare() {
    read();
  }

  private static synchronized byte[] read() {
    if (image == null) {
      String copy = System.getProperty(COPY, "");
      try {
        image = copy.isEmpty() ? packed() : Files.readAllBytes(Path.of(copy));
      } catch (IOException e) {
        throw new MachineException("the firmware cannot be read: " + e.getMessage(), e);
      }
    }
    return image;
  }

  private static byte[] packed() throws IOException {
    try (InputStream in = Firmware.class.getResourceAsStream(RESOURCE)) {
      if (in == null) {
        throw new MachineException("this build has no firmware: run firmware/build, then build");
      }
      return in.readAllBytes();
    }
  }
}
