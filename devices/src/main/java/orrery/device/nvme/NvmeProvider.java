package orrery.device.nvme;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import orrery.device.storage.Medium;
import orrery.device.storage.VolatileCache;
import orrery.machine.MachineException;
import orrery.machine.clock.AlarmThread;
import orrery.machine.clock.MachineClock;
import orrery.machine.cpu.DeferredCall;
import orrery.machine.fault.Fault;
import orrery.machine.pci.PciContext;
import orrery.machine.pci.PciDevice;
import orrery.machine.pci.PciDeviceProvider;

/** Makes a controller for the drives of each serial number. */
public final class NvmeProvider implements PciDeviceProvider {
  /** Under this name the machine's owner plugs in {@link Drives}. */
  public static final String DRIVES = "drives";

  /** For the service loader. */
  public NvmeProvider() {}

  @Override
  public String name() {
    return "nvme";
  }

  @Override
  public String description() {
    return "NVMe 2.0 controller; --drive FILE[,overlay][,readonly][,direct][,serial=S]";
  }

  @Override
  public List<PciDevice> create(PciContext context) {
    Drives drives = context.backend(DRIVES, Drives.class);
    List<PciDevice> controllers = new ArrayList<>();
    if (drives == null) {
      return controllers;
    }
    List<Medium> opened = new ArrayList<>();
    PowerSupply supply = new PowerSupply(context::powerFailed);
    try {
      drives
          .controllers()
          .forEach(
              (serial, group) -> {
                NvmeController made = create(context, drives, serial, group, opened, supply);
                supply.feed(made);
                controllers.add(made);
              });
    } catch (MachineException e) {
      close(opened, e);
      throw e;
    }
    return controllers;
  }

  private static NvmeController create(
      PciContext context,
      Drives drives,
      String serial,
      List<Integer> group,
      List<Medium> opened,
      PowerSupply supply) {
    boolean powerCuts = drives.has(Fault.PowerCut.class);
    List<Medium> media = new ArrayList<>();
    Path record = drives.drive(group.getFirst()).record();
    for (int number : group) {
      Medium medium = drives.drive(number).open(drives.overlay(number));
      medium = powerCuts ? new VolatileCache(medium, drives.seed(number)) : medium;
      media.add(medium);
      opened.add(medium);
    }
    MachineClock clock = context.clock();
    return new NvmeController(
        new NvmeController.Setup(serial, media, record, drives.faults(serial), supply::fail),
        clock::nanos,
        expired -> {
          DeferredCall call = context.deferred(expired);
          return new AlarmThread("orrery-nvme-timer", clock::nanos, call::request);
        });
  }

  private static void close(List<Medium> opened, MachineException cause) {
    for (Medium medium : opened) {
      try {
        medium.close();
      } catch (IOException e) {
        cause.addSuppressed(e);
      }
    }
  }
}
