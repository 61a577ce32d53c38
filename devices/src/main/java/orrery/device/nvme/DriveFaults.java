package orrery.device.nvme;

import java.util.List;

/**
 * What goes wrong with a machine's drives.
 *
 * @param faults in the order of their precedence
 * @param seed decides what a power cut leaves
 */
public record DriveFaults(List<DriveFault> faults, long seed) {
  /** Nothing goes wrong. */
  public static final DriveFaults NONE = new DriveFaults(List.of(), 0);

  /** Keeps a copy of the list. */
  public DriveFaults {
    faults = List.copyOf(faults);
  }

  /**
   * Sees whether every drive with a fault is there.
   *
   * @throws IllegalArgumentException if not, saying so
   */
  void checkDrives(int count) {
    for (DriveFault fault : faults) {
      if (fault.drive() >= count) {
        throw new IllegalArgumentException(
            "drive="
                + fault.drive()
                + " is not there; the drives are numbered from 0 in the order of --drive");
      }
    }
  }
}
