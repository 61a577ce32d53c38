/**
 * The machine that every device model and kernel stands on: bus, RAM, interrupts, clock, CPU, boot.
 */
module orrery.machine {
  requires transitive orrery.unicorn;
  requires org.tomlj;

  exports orrery.machine;
  exports orrery.machine.boot;
  exports orrery.machine.bus;
  exports orrery.machine.clock;
  exports orrery.machine.dma;
  exports orrery.machine.fault;
  exports orrery.machine.fdt;
  exports orrery.machine.cpu;
  exports orrery.machine.irq;
  exports orrery.machine.pci;

  uses orrery.machine.DeviceProvider;
  uses orrery.machine.pci.PciDeviceProvider;
}
