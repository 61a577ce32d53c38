package orrery.device.nvme;

import java.util.List;
import orrery.machine.fault.FaultPlan;

/**
 * The drives of a machine, plugged in under the name {@link NvmeProvider#DRIVES}.
 *
 * @param drives in the order of their controllers and namespaces
 * @param faults what goes wrong with their commands, {@link FaultPlan#NONE} for nothing
 * @param seed decides what a power cut leaves
 */
public record Drives(List<Drive> drives, FaultPlan faults, long seed) {
  /** Keeps a copy of the list. */
  public Drives {
    drives = List.copyOf(drives);
  }

  /** Drives without faults. */
  public Drives(List<Drive> drives) {
    this(drives, FaultPlan.NONE, 0);
  }
}
