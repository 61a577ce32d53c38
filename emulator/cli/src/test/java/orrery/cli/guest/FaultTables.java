package orrery.cli.guest;

import orrery.device.nvme.DriveFaults;
import orrery.machine.fault.FaultFile;
import orrery.machine.fault.FaultFileException;

/** Faults of drives as tests write them. */
final class FaultTables {
  private FaultTables() {}

  /** Faults from inline tables of TOML with commas between. */
  static DriveFaults of(String tables) throws FaultFileException {
    return DriveFaults.read(FaultFile.parse("faults", "nvme = [" + tables + "]"));
  }
}
