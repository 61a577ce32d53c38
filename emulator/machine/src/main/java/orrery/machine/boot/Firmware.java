package orrery.machine.boot;

import java.io.IOException;
import java.io.InputStream;
import orrery.machine.MachineException;

/** The boot firmware that is packed with the machine (built from the folder {@code firmware}). */
public final class Firmware {
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
      try (InputStream in = Firmware.class.getResourceAsStream(RESOURCE)) {
        if (in == null) {
          throw new MachineException("this build has no firmware: run firmware/build, then build");
        }
        image = in.readAllBytes();
      } catch (IOException e) {
        throw new MachineException("the firmware cannot be read: " + e.getMessage(), e);
      }
    }
    return image;
  }
}
