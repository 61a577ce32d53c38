package orrery.device.nvme;

import java.util.ArrayList;
import java.util.List;
import orrery.machine.fault.FaultEntry;
import orrery.machine.fault.FaultFile;
import orrery.machine.fault.FaultFileException;

/**
 * What goes wrong with a machine's drives.
 *
 * @param faults in the order of their precedence
 * @param seed decides what a power cut leaves
 */
public record DriveFaults(List<DriveFault> faults, long seed) {
  /** Nothing goes wrong. */
  public static final DriveFaults NONE = new DriveFaults(List.of(), 0);

  /** Of drives the tables of a file of faults have this name. */
  public static final String TABLES = "nvme";

  /** Keeps a copy of the list. */
  public DriveFaults {
    faults = List.copyOf(faults);
  }

  /**
   * Reads what a file has about drives.
   *
   * @throws FaultFileException if that makes no sense
   */
  public static DriveFaults read(FaultFile file) throws FaultFileException {
    List<DriveFault> faults = new ArrayList<>();
    for (FaultEntry entry : file.entries(TABLES)) {
      faults.add(new DriveFaultReader(entry).read());
    }
    return new DriveFaults(faults, file.seed());
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
            "drive "
                + fault.drive()
                + " is not there; the drives are numbered from 0 in the order of --drive");
      }
    }
  }
}
