package orrery.device.nvme;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import orrery.device.storage.SparseMemory;
import orrery.machine.fault.Fault;
import orrery.machine.fault.FaultPlan;
import orrery.machine.fault.FaultRule;

/**
 * The drives of a machine, plugged in under the name {@link NvmeProvider#DRIVES}. They outlive a
 * guest's reset: plugged into the next machine, overlays hold what was written and faults go on
 * counting. One machine at a time.
 */
public final class Drives {
  private final List<Drive> drives;
  private final long seed;
  private final SparseMemory.Contents[] overlays;

  /** Names of the controllers, by drive. */
  private final String[] serials;

  /** By serial number. */
  private final Map<String, FaultPlan> faults = new LinkedHashMap<>();

  /** Drives without faults. */
  public Drives(List<Drive> drives) {
    this(drives, DriveFaults.NONE);
  }

  /**
   * Drives with faults.
   *
   * @param drives in the order of their controllers and namespaces
   * @throws IllegalArgumentException if there is a fault for a drive that is not there, saying so
   */
  public Drives(List<Drive> drives, DriveFaults planned) {
    this.drives = List.copyOf(drives);
    seed = planned.seed();
    overlays = new SparseMemory.Contents[drives.size()];
    Arrays.setAll(overlays, unused -> new SparseMemory.Contents());
    serials = new String[drives.size()];
    Arrays.setAll(serials, this::serial);
    planned.checkDrives(drives.size());
    controllers()
        .forEach(
            (serial, group) -> {
              List<FaultRule> rules = rules(planned, serial);
              checkTargets(rules, serial, group.size());
              faults.put(serial, new FaultPlan(rules));
            });
  }

  private String serial(int drive) {
    String given = drives.get(drive).serial();
    return given == null ? "ORRERY-" + drive : given;
  }

  /** The rules of a controller: those of its drives and those of all. */
  private List<FaultRule> rules(DriveFaults planned, String serial) {
    List<FaultRule> rules = new ArrayList<>();
    for (DriveFault fault : planned.faults()) {
      if (fault.drive() == FaultRule.ANY || serials[fault.drive()].equals(serial)) {
        rules.add(fault.rule());
      }
    }
    return rules;
  }

  private static void checkTargets(List<FaultRule> rules, String serial, int namespaces) {
    for (FaultRule rule : rules) {
      if (rule.fault() instanceof Fault.Event event && event.unit() > namespaces) {
        throw new IllegalArgumentException(
            "target "
                + event.unit()
                + " is not there; the namespaces of drive "
                + serial
                + " are numbered from 1 to "
                + namespaces);
      }
    }
  }

  /** Whether there are none. */
  public boolean isEmpty() {
    return drives.isEmpty();
  }

  /** The numbers of the drives that make up each controller, by its serial number. */
  Map<String, List<Integer>> controllers() {
    Map<String, List<Integer>> bySerial = new LinkedHashMap<>();
    for (int i = 0; i < serials.length; i++) {
      bySerial.computeIfAbsent(serials[i], unused -> new ArrayList<>()).add(i);
    }
    return bySerial;
  }

  Drive drive(int number) {
    return drives.get(number);
  }

  SparseMemory.Contents overlay(int drive) {
    return overlays[drive];
  }

  FaultPlan faults(String serial) {
    return faults.get(serial);
  }

  /** Decides what a loss of power leaves on a drive. */
  long seed(int drive) {
    return seed + drive;
  }

  boolean has(Class<? extends Fault> fault) {
    return faults.values().stream().anyMatch(plan -> plan.has(fault));
  }
}
