/**
 * The mini-kernel: it knows the machine's hardware surface and never a device model. Drivers in
 * modules of their own see the typed hardware surface, the driver model, and what those speak of.
 */
module orrery.kernel {
  requires transitive orrery.machine;
  requires transitive orrery.ownership;

  exports orrery.kernel;
  exports orrery.kernel.abi;
  exports orrery.kernel.block;
  exports orrery.kernel.device;
  exports orrery.kernel.hw;

  uses orrery.kernel.device.PciDriver;
  uses orrery.kernel.device.PlatformDriver;
}
